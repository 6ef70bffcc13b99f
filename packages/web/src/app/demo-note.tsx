// Says on every page that what is shown is the demo, and takes it away with one click.
import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ApiError, call } from '../api/client.ts';

export function DemoNote() {
  const client = useQueryClient();
  const remove = useMutation<unknown, ApiError>({
    mutationFn: () => call('removeDemo', {}),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div className="demo-note" role="note">
      <Group gap="sm" justify="center" wrap="nowrap">
        <Text size="sm">
          <b>This is the demo plant</b>, recorded from real protocol stacks in a lab. None of it is yours.
        </Text>
        <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
          Remove the demo
        </Button>
        {remove.error && (
          <Text size="sm" c="red" role="alert">
            {remove.error.message}
          </Text>
        )}
      </Group>
    </div>
  );
}
