// A person's word against what was concluded: a name, two addresses that are one device, or are not.

import type { CorrectionInput, DeviceDetail } from '@interlock/model/api';
import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type ApiError, call } from '../api/client.ts';
import { useRoute } from '../api/queries.ts';

export type CorrectionKind = CorrectionInput['kind'];

export function CorrectionDialog({
  device,
  kind: first,
  close,
}: {
  device: DeviceDetail;
  kind: CorrectionKind;
  close: () => void;
}) {
  const client = useQueryClient();
  const [kind, setKind] = useState<CorrectionKind>(first);
  const [name, setName] = useState(device.name ?? '');
  const [reason, setReason] = useState('');
  const [other, setOther] = useState<string | null>(null);
  const save = useMutation<unknown, ApiError, CorrectionInput>({
    mutationFn: (body) => call('addCorrection', { body }),
    onSuccess: async () => {
      notifications.show({ message: 'Kept. The inventory is being put together anew.' });
      close();
      await client.invalidateQueries();
    },
  });
  const anchor = device.anchor ?? '';
  const input: CorrectionInput | undefined =
    kind === 'name'
      ? name.trim() === ''
        ? undefined
        : { kind, subjects: [anchor], name: name.trim(), ...(reason.trim() ? { reason: reason.trim() } : {}) }
      : other
        ? { kind, subjects: [anchor, other], ...(reason.trim() ? { reason: reason.trim() } : {}) }
        : undefined;
  return (
    <Modal opened onClose={close} title={<b>{kind === 'name' ? 'Name this device' : 'Join or split'}</b>} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (input) save.mutate(input);
        }}
      >
        <Stack>
          {kind === 'name' ? (
            <TextInput
              data-autofocus
              label="Name"
              value={name}
              maxLength={100}
              onChange={(event) => setName(event.currentTarget.value)}
              required
            />
          ) : (
            <>
              <Radio.Group
                label="What is so"
                value={kind}
                onChange={(value) => {
                  setKind(value as CorrectionKind);
                  setOther(null);
                }}
              >
                <Stack gap={8} mt={6}>
                  <Radio value="same-device" label="Another entry of the inventory is this same device" />
                  <Radio
                    value="different-devices"
                    label="One of the addresses here belongs to another device"
                    disabled={device.subjects.length < 2}
                  />
                </Stack>
              </Radio.Group>
              {kind === 'same-device' ? (
                <OtherDevice device={device} value={other} change={setOther} />
              ) : (
                <Select
                  label="The address that is another device"
                  data={device.subjects.map(({ subject }) => subject).filter((subject) => subject !== anchor)}
                  value={other}
                  onChange={setOther}
                  required
                />
              )}
            </>
          )}
          <TextInput
            label="Why (kept with it)"
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {save.error && (
            <Text size="sm" c="red" role="alert">
              {save.error.message} {save.error.whatToDo}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={!input} loading={save.isPending}>
              Keep
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function OtherDevice({
  device,
  value,
  change,
}: {
  device: DeviceDetail;
  value: string | null;
  change: (subject: string | null) => void;
}) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const [chosen, setChosen] = useState<string | null>(null);
  const found = useRoute('listDevices', { query: { limit: 20, ...(search ? { search } : {}) } }, { keep: true });
  const detail = useRoute('getDevice', { params: { id: chosen ?? '' } }, { enabled: chosen !== null });
  const anchor = detail.data?.anchor ?? null;
  useEffect(() => {
    if (anchor !== value) change(anchor);
  }, [anchor, value, change]);
  return (
    <Select
      label="The other entry"
      placeholder="Search by name or address"
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      data={(found.data?.items ?? [])
        .filter((row) => row.id !== device.id)
        .map((row) => ({
          value: row.id,
          label: [row.name ?? row.model, row.addresses[0]?.value].filter(Boolean).join(' · ') || row.id,
        }))}
      value={chosen}
      onChange={(id) => {
        setChosen(id);
        if (id === null) change(null);
      }}
      required
    />
  );
}
