// What every page shows when there is nothing, not yet, or something went wrong.
import { Button, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/client.ts';

export function Loading({ what }: { what: string }) {
  return (
    <div className="state" role="status">
      <Loader size="sm" />
      <Text c="dimmed">Loading {what}…</Text>
    </div>
  );
}

export function Failed({ error, retry }: { error: ApiError; retry?: () => void }) {
  return (
    <div className="state" role="alert">
      <IconAlertTriangle aria-hidden className="state-icon" />
      <Title order={3}>{error.message}</Title>
      <Text c="dimmed">{error.whatToDo}</Text>
      {retry && (
        <Button variant="light" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <Title order={3}>{title}</Title>
      <Stack gap="xs" align="center">
        {children}
      </Stack>
    </div>
  );
}
