// One device: what it is and why we think so, what it offers and uses, whom it talks to, what was done to it, and what
// sits behind it.

import { DEVICE_ROLES } from '@interlock/model';
import type { DeviceDetail } from '@interlock/model/api';
import { Badge, Button, Group, Tabs, Text, Title } from '@mantine/core';
import { IconGitMerge, IconMap2, IconPencil } from '@tabler/icons-react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRoute } from '../api/queries.ts';
import { EvidenceDrawer } from '../evidence/evidence-drawer.tsx';
import { Sureness } from '../inventory/columns.tsx';
import { formatCount, formatTime, levelWord } from '../ui/format.ts';
import { Failed, Loading } from '../ui/states.tsx';
import { Conversations } from './conversations.tsx';
import { CorrectionDialog, type CorrectionKind } from './correction-dialog.tsx';
import { Facts } from './facts.tsx';
import { Operations } from './operations.tsx';
import { Parts } from './parts.tsx';
import { Reasons } from './reasons.tsx';
import { Services } from './services.tsx';

export function DevicePage() {
  const { id } = useParams({ from: '/devices/$id' });
  const { tab = 'identity', fact } = useSearch({ from: '/devices/$id' });
  const navigate = useNavigate({ from: '/devices/$id' });
  const device = useRoute('getDevice', { params: { id } });
  const [correcting, setCorrecting] = useState<CorrectionKind | undefined>(undefined);
  const why = (factId: string | undefined) =>
    void navigate({
      search: (before) => ({ ...(before.tab ? { tab: before.tab } : {}), ...(factId ? { fact: factId } : {}) }),
      replace: true,
    });

  if (device.isPending) return <Loading what="the device" />;
  if (device.error) return <Failed error={device.error} retry={() => void device.refetch()} />;
  const shown = device.data;
  const tabs: readonly { readonly id: string; readonly title: string; readonly count?: number }[] = [
    { id: 'identity', title: 'Identity' },
    { id: 'services', title: 'Services', count: shown.servicesOffered.length + shown.servicesUsed.length },
    { id: 'conversations', title: 'Conversations', count: shown.counts.conversations },
    { id: 'operations', title: 'Operations', count: shown.counts.operations },
    { id: 'parts', title: 'Parts', count: shown.parts.length },
    { id: 'why', title: 'Why one device' },
  ];
  return (
    <div className="page scrolls">
      <Header device={shown} correct={setCorrecting} />
      {shown.exposures.length > 0 && (
        <ul className="exposures" aria-label="Exposures">
          {shown.exposures.map((exposure) => (
            <li key={`${exposure.fact}-${exposure.kind}`}>
              <Badge color="orange">{exposure.title}</Badge> {exposure.text}{' '}
              <span className="dim">({exposure.protocol})</span>{' '}
              <Button variant="subtle" size="compact-xs" onClick={() => why(exposure.fact)}>
                why?
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Tabs
        value={tab}
        onChange={(next) => void navigate({ search: next && next !== 'identity' ? { tab: next } : {}, replace: true })}
        keepMounted={false}
      >
        <Tabs.List>
          {tabs.map((one) => (
            <Tabs.Tab key={one.id} value={one.id}>
              {one.title}
              {one.count !== undefined && <span className="dim"> {formatCount(one.count)}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="identity" pt="sm">
          <Facts device={shown} why={why} />
        </Tabs.Panel>
        <Tabs.Panel value="services" pt="sm">
          <Services device={shown} why={why} />
        </Tabs.Panel>
        <Tabs.Panel value="conversations" pt="sm">
          <Conversations id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="operations" pt="sm">
          <Operations id={id} why={why} />
        </Tabs.Panel>
        <Tabs.Panel value="parts" pt="sm">
          <Parts parts={shown.parts} why={why} />
        </Tabs.Panel>
        <Tabs.Panel value="why" pt="sm">
          <Reasons device={shown} why={why} />
        </Tabs.Panel>
      </Tabs>
      <EvidenceDrawer fact={fact} close={() => why(undefined)} />
      {correcting && <CorrectionDialog device={shown} kind={correcting} close={() => setCorrecting(undefined)} />}
    </div>
  );
}

function Header({ device, correct }: { device: DeviceDetail; correct: (kind: CorrectionKind) => void }) {
  const title = device.name ?? device.model ?? device.addresses[0]?.value ?? device.id;
  const what = [device.vendor, device.orderNumber ?? device.model].filter(Boolean).join(' ');
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Vendor', device.vendor],
    ['Model', device.model],
    ['Order number', device.orderNumber],
    ['Firmware', device.firmware],
    ['Hardware version', device.hardwareVersion],
    ['Serial number', device.serial],
    ['Operating system', device.os],
    ['Location', device.location],
    ['Zone', device.zone],
    ['Level', levelWord(device.level.value)],
    ['First seen', formatTime(device.first)],
    ['Last seen', formatTime(device.last)],
  ];
  return (
    <header className="device-head">
      <Group justify="space-between" align="start" wrap="nowrap">
        <div>
          <Text size="xs" c="dimmed">
            <Link to="/inventory">Inventory</Link> / device
          </Text>
          <Group gap="sm" align="baseline">
            <Title order={2} className="wrap">
              {title}
            </Title>
            {device.role && <Badge size="md">{DEVICE_ROLES[device.role.value]}</Badge>}
            {device.outside && (
              <Badge size="md" color="gray">
                outside
              </Badge>
            )}
            <Sureness value={device.sureness} />
          </Group>
          {what && what !== title && <Text c="dimmed">{what}</Text>}
        </div>
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="default"
            leftSection={<IconMap2 size={15} />}
            component={Link}
            to={`/map?focus=${encodeURIComponent(device.id)}`}
          >
            On the map
          </Button>
          <Button
            variant="default"
            leftSection={<IconPencil size={15} />}
            onClick={() => correct('name')}
            disabled={!device.anchor}
          >
            Name
          </Button>
          <Button
            variant="default"
            leftSection={<IconGitMerge size={15} />}
            onClick={() => correct('same-device')}
            disabled={!device.anchor}
          >
            Join or split
          </Button>
        </Group>
      </Group>
      <dl className="facts-short">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        <div className="wide">
          <dt>Addresses</dt>
          <dd className="mono">
            {device.addresses.map((address) => (
              <span
                key={address.value}
                className="address"
                title={`${formatTime(address.first)} to ${formatTime(address.last)}`}
              >
                {address.value}
              </span>
            ))}
          </dd>
        </div>
      </dl>
    </header>
  );
}
