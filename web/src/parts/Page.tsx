import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';

export interface Crumb {
  label: string;
  to: string;
}

interface Props {
  title: string;
  /** One sentence below the title. */
  lead?: ReactNode;
  crumbs?: Crumb[];
  /** What stands at the right of the title: buttons. */
  actions?: ReactNode;
  /** Tables of records use the whole width. */
  wide?: boolean;
  children: ReactNode;
}

let firstPage = true;

/** A page's frame: its place, its one `h1`, which gets the focus after a navigation, and its content. */
export function Page({ title, lead, crumbs = [], actions, wide = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();

  useEffect(() => {
    document.title = `${title} · Icosa`;
  }, [title]);

  useEffect(() => {
    // After a reload the browser's own place is the better one.
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
    window.scrollTo(0, 0);
  }, [pathname]);

  return (
    <Stack gap="lg" maw={wide ? undefined : 'var(--icosa-content)'} mx="auto" w="100%">
      <Stack gap={6}>
        {crumbs.length > 0 && (
          <Breadcrumbs separatorMargin={6}>
            {crumbs.map((crumb) => (
              <Anchor component={Link} to={crumb.to} key={crumb.to} size="sm">
                {crumb.label}
              </Anchor>
            ))}
            <Text size="sm" c="dimmed" truncate>
              {title}
            </Text>
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {lead && (
          <Text c="dimmed" maw="44rem">
            {lead}
          </Text>
        )}
      </Stack>
      {children}
    </Stack>
  );
}
