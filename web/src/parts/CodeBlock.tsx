import { Box } from '@mantine/core';
import { CopyButton } from './CopyButton';

interface Props {
  code: string;
  /** What the code is, for who hears the page. */
  label: string;
  wrap?: boolean;
  maxHeight?: string;
}

/** Code with a button that copies it. */
export function CodeBlock({ code, label, wrap = false, maxHeight }: Props) {
  return (
    <Box pos="relative" miw={0}>
      {/* A region that scrolls has to be reachable by keyboard. */}
      <pre
        className={wrap ? 'code wrap' : 'code'}
        tabIndex={0}
        role="region"
        aria-label={label}
        style={{ maxHeight }}
      >
        <code>{code}</code>
      </pre>
      <Box pos="absolute" top={6} right={8}>
        <CopyButton text={code} what={label} />
      </Box>
    </Box>
  );
}
