// What people said against what was concluded of this device, and the way to take it back.

import type { CorrectionShown, DeviceDetail } from '@interlock/model/api';
import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ApiError, call } from '../api/client.ts';
import { useRoute } from '../api/queries.ts';
import { formatTime } from '../ui/format.ts';

/** Corrections are made by hand, one at a time; more than one answer of the API holds is not to be expected. */
const MOST = 1000;

const wordsOf = ({ kind, subjects: [first, other], name }: CorrectionShown): string => {
  switch (kind) {
    case 'name':
      return `${first} is called "${name}"`;
    case 'same-device':
      return `${first} and ${other} are one device`;
    case 'different-devices':
      return `${first} and ${other} are different devices`;
  }
};

/** Nothing where nobody said anything of this device. */
export function Corrections({ device }: { device: DeviceDetail }) {
  const client = useQueryClient();
  const corrections = useRoute('listCorrections', { query: { limit: MOST } });
  const takeBack = useMutation<unknown, ApiError, string>({
    mutationFn: (id) => call('removeCorrection', { params: { id } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const own = new Set(device.subjects.map(({ subject }) => subject));
  const about = corrections.data?.items.filter(({ subjects }) => subjects.some((subject) => own.has(subject))) ?? [];
  if (about.length === 0) return null;
  return (
    <section>
      <h3>What people said</h3>
      <ul className="reasons">
        {about.map((correction) => (
          <li key={correction.id}>
            {wordsOf(correction)}
            {correction.reason && `: ${correction.reason}`}{' '}
            <span className="dim">
              {correction.author}, {formatTime(correction.made)}
            </span>{' '}
            <Button
              variant="subtle"
              size="compact-xs"
              loading={takeBack.isPending && takeBack.variables === correction.id}
              onClick={() => takeBack.mutate(correction.id)}
              aria-label={`Take back: ${wordsOf(correction)}`}
            >
              take back
            </Button>
          </li>
        ))}
      </ul>
      {takeBack.error && (
        <Text size="sm" c="red" role="alert">
          {takeBack.error.message} {takeBack.error.whatToDo}
        </Text>
      )}
    </section>
  );
}
