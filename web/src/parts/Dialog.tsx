import { Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}

/** A native modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ opened, onClose, title, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    if (opened && !dialog.current?.open) dialog.current?.showModal();
    if (!opened) dialog.current?.close();
  }, [opened]);

  // The browser tells of having closed a dialog only later, when it may have been opened again: Escape therefore goes
  // through the state, and what is told of a dialog that is open by then is old.
  const closed = () => {
    if (!dialog.current?.open) onClose();
  };

  return (
    <dialog
      className="dialog"
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={closed}
    >
      {opened && (
        <Stack gap="md">
          <Title order={2} id={id}>
            {title}
          </Title>
          {children}
        </Stack>
      )}
    </dialog>
  );
}
