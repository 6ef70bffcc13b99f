// Removes a capture after saying what goes with it.

import type { CaptureRow } from '@interlock/model/api';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiError, call } from '../api/client.ts';
import { useRoute } from '../api/queries.ts';
import { formatCount } from '../ui/format.ts';

export function RemoveCapture({ row, removed }: { row: CaptureRow; removed?: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        onClick={() => setAsking(true)}
        aria-label={`Remove ${row.name}`}
      >
        Remove
      </Button>
      {asking && <Ask row={row} close={() => setAsking(false)} removed={removed} />}
    </>
  );
}

function Ask({ row, close, removed }: { row: CaptureRow; close: () => void; removed: (() => void) | undefined }) {
  const client = useQueryClient();
  const remove = useMutation<unknown, ApiError>({
    mutationFn: () => call('removeCapture', { params: { id: row.id } }),
    onSuccess: async () => {
      close();
      removed?.();
      await client.invalidateQueries();
    },
  });
  // Once it is on its way out nobody may ask for it any more.
  const detail = useRoute('getCapture', { params: { id: row.id } }, { enabled: remove.isIdle });
  return (
    <Modal opened onClose={close} title={<b>Remove {row.name}?</b>}>
      <Stack>
        <Text>
          The file and everything that rests on it alone go: {formatCount(row.observations)} observations
          {detail.data
            ? `, and with them ${formatCount(detail.data.devicesOnlyHere)} of the ${formatCount(detail.data.devices)} devices it shows`
            : ''}
          . What other captures also show stays.
        </Text>
        {remove.error && (
          <Text c="red" role="alert">
            {remove.error.message} {remove.error.whatToDo}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
