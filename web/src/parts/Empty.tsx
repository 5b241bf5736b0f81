import { Center, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What stands where a list would be: one sentence and the way on. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <Center className="card" p="xl">
      <Stack align="center" gap="md" maw="32rem">
        <Text ta="center" c="dimmed">
          {children}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}
