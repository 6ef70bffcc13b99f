// Why these addresses are one device, why it has this role and level, and what each address contributes.

import { DEVICE_ROLES } from '@interlock/model';
import type { DeviceDetail } from '@interlock/model/api';
import { Button, Text } from '@mantine/core';
import { formatCount, formatShortTime, levelWord, suretyWord } from '../ui/format.ts';
import { Corrections } from './corrections.tsx';
import type { ShowWhy } from './facts.tsx';

type ReasonList = DeviceDetail['joined'];

export function Reasons({ device, why }: { device: DeviceDetail; why: ShowWhy }) {
  return (
    <div className="fact-groups">
      <section>
        <h3>Why one device</h3>
        {device.joined.length === 0 ? (
          <Text c="dimmed">It has one address only: nothing had to be joined.</Text>
        ) : (
          <List reasons={device.joined} why={why} />
        )}
      </section>
      <Corrections device={device} />
      <section>
        <h3>
          Role: {device.role ? `${DEVICE_ROLES[device.role.value]} (${suretyWord(device.role.sureness)})` : 'not known'}
        </h3>
        {device.role ? (
          <List reasons={device.role.reasons} why={why} />
        ) : (
          <Text c="dimmed">Nothing it says or does is typical of one role.</Text>
        )}
      </section>
      <section>
        <h3>
          Level: {levelWord(device.level.value)} ({suretyWord(device.level.sureness)})
        </h3>
        <List reasons={device.level.reasons} why={why} />
      </section>
      <section>
        <h3>Addresses as met</h3>
        <table className="facts">
          <tbody>
            {device.subjects.map((subject) => (
              <tr key={subject.subject}>
                <td className="mono">{subject.subject}</td>
                <td className="dim">
                  {formatCount(subject.facts)} {subject.facts === 1 ? 'fact' : 'facts'}
                </td>
                <td className="dim">
                  {formatShortTime(subject.first)} to {formatShortTime(subject.last)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {device.captures.length > 0 && (
        <section>
          <h3>Captures</h3>
          <Text size="sm">{device.captures.map((capture) => capture.name).join(', ')}</Text>
        </section>
      )}
    </div>
  );
}

function List({ reasons, why }: { reasons: ReasonList; why: ShowWhy }) {
  return (
    <ul className="reasons">
      {reasons.map((reason) => (
        <li key={reason.text}>
          {reason.text}
          {reason.facts
            .filter((fact) => fact.fact)
            .map((fact) => (
              <Button
                key={`${fact.subject}-${fact.kind}-${fact.value}`}
                variant="subtle"
                size="compact-xs"
                onClick={() => why(fact.fact as string)}
                title={`${fact.kind}: ${fact.value}`}
              >
                why?
              </Button>
            ))}
        </li>
      ))}
    </ul>
  );
}
