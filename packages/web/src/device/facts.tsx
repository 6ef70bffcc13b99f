// Every fact of the device, by group and kind, each value with who told it and the way to the evidence.

import type { DeviceDetail, FactGroupShown, FactValueShown } from '@interlock/model/api';
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useRoute } from '../api/queries.ts';
import { Why } from '../evidence/evidence-drawer.tsx';
import { formatCount } from '../ui/format.ts';

const GROUP_WORDS: Record<string, string> = {
  identity: 'What it is',
  address: 'Addresses',
  network: 'Network',
  service: 'Services and banners',
  fingerprint: 'Fingerprints',
  behaviour: 'Behaviour',
  exposure: 'Exposures',
  trouble: 'Trouble',
};
/** Told elsewhere on the page, each in its own way. */
const ELSEWHERE = new Set(['conversation', 'operation', 'service.offered', 'service.used', 'address.seen']);

export type ShowWhy = (fact: string) => void;

export function Facts({ device, why }: { device: DeviceDetail; why: ShowWhy }) {
  const groups = Object.entries(GROUP_WORDS).flatMap(([group, title]) => {
    const facts = device.facts.filter((fact) => fact.group === group && !ELSEWHERE.has(fact.kind));
    return facts.length > 0 ? [{ group, title, facts }] : [];
  });
  if (groups.length === 0)
    return (
      <Text c="dimmed">
        Nothing is known of this device but its addresses. What would settle more: traffic in which it names itself
        (DHCP, LLDP, mDNS), or a session of its engineering tool.
      </Text>
    );
  return (
    <div className="fact-groups">
      {groups.map(({ group, title, facts }) => (
        <section key={group}>
          <h3>{title}</h3>
          <FactTable facts={facts} why={why} device={device.id} />
        </section>
      ))}
    </div>
  );
}

export function FactTable({ facts, why, device }: { facts: readonly FactGroupShown[]; why: ShowWhy; device?: string }) {
  return (
    <table className="facts">
      <tbody>
        {facts.map((fact) => (
          <Rows key={fact.kind} fact={fact} why={why} device={device} />
        ))}
      </tbody>
    </table>
  );
}

function Rows({ fact, why, device }: { fact: FactGroupShown; why: ShowWhy; device: string | undefined }) {
  const [all, setAll] = useState(false);
  const more = fact.valueCount - fact.values.length;
  const rest = useRoute(
    'listDeviceFacts',
    { params: { id: device ?? '' }, query: { kind: fact.kind, limit: 1000 } },
    { enabled: all && device !== undefined },
  );
  const values: readonly FactValueShown[] = rest.data?.items ?? fact.values;
  return (
    <>
      {values.map((value, i) => (
        <tr key={value.text}>
          {i === 0 && (
            <th scope="rowgroup" rowSpan={values.length + (more > 0 && !rest.data ? 1 : 0)}>
              {fact.title}
            </th>
          )}
          <td className={`value${value.shown ? ' shown' : ''}`}>{value.text}</td>
          <td>
            {value.sources.map((source) => (
              <span key={source.fact} className="source">
                <span className="dim">
                  {source.protocol}, {source.source}
                  {source.count > 1 ? ` ×${formatCount(source.count)}` : ''}
                </span>
                <Why show={() => why(source.fact)} label={`${fact.title} ${value.text}`} />
              </span>
            ))}
            {value.sourceCount > value.sources.length && (
              <span className="dim"> and {formatCount(value.sourceCount - value.sources.length)} more sources</span>
            )}
          </td>
        </tr>
      ))}
      {more > 0 && !rest.data && (
        <tr>
          <td colSpan={2}>
            {device ? (
              <Button variant="subtle" size="compact-xs" loading={rest.isFetching} onClick={() => setAll(true)}>
                {formatCount(more)} more
              </Button>
            ) : (
              <span className="dim">and {formatCount(more)} more</span>
            )}
          </td>
        </tr>
      )}
    </>
  );
}
