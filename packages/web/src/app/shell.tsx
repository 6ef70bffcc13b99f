// The frame around every page: where one is, where one can go, what is going on, and the keys.
import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  Group,
  Kbd,
  Modal,
  Table,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { call } from '../api/client.ts';
import { useServerEvents } from '../api/events.ts';
import { routeKey, useRoute } from '../api/queries.ts';
import { formatCount } from '../ui/format.ts';
import { Loading } from '../ui/states.tsx';
import { DemoNote } from './demo-note.tsx';
import { SignIn } from './sign-in.tsx';

/** The keys that work on every page, and those of the pages, for the sheet that "?" opens. */
const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'search this page'],
  ['g then i', 'inventory'],
  ['g then m', 'map'],
  ['g then c', 'captures'],
  ['g then l', 'live captures'],
  ['↑ ↓ or j k', 'next, previous row'],
  ['Enter', 'open the row'],
  ['t', 'map: table instead of picture'],
  ['Esc', 'close what is open'],
  ['?', 'this sheet'],
];
/** How long "g" waits for its second key. */
const SECOND_KEY_MS = 1500;

export function Shell() {
  const session = useRoute('getSession', {});
  if (session.isPending) return <Loading what="the console" />;
  if (session.data && !session.data.signedIn) return <SignIn />;
  return <Frame passwordSet={session.data?.passwordSet === true} />;
}

function Frame({ passwordSet }: { passwordSet: boolean }) {
  useServerEvents();
  const navigate = useNavigate();
  const status = useRoute('getStatus', {});
  const client = useQueryClient();
  const [keys, sheet] = useDisclosure(false);
  const goAt = useRef(0);
  const go = (to: '/inventory' | '/map' | '/captures' | '/live') => () => {
    if (performance.now() - goAt.current < SECOND_KEY_MS) void navigate({ to });
  };
  useHotkeys([
    [
      'g',
      () => {
        goAt.current = performance.now();
      },
    ],
    ['i', go('/inventory')],
    ['m', go('/map')],
    ['c', go('/captures')],
    ['l', go('/live')],
    ['/', () => document.querySelector<HTMLInputElement>('[data-page-search]')?.focus()],
    ['shift+/', sheet.toggle],
    ['shift+?', sheet.toggle],
    ['?', sheet.toggle],
  ]);
  const signOut = async () => {
    client.setQueryData(routeKey('getSession', {}), await call('signOut', {}));
    // Nothing of what was shown stays behind for whoever comes next.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'getSession' });
  };
  const waiting = status.data?.waiting ?? 0;
  return (
    <div className="shell">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <header className="top">
        <Link to="/inventory" className="brand">
          <img src="/interlock.svg" alt="" width={22} height={22} /> Interlock
        </Link>
        <nav aria-label="Pages">
          <Link to="/inventory" className="tab" activeOptions={{ includeSearch: false }}>
            Inventory
          </Link>
          <Link to="/map" className="tab" activeOptions={{ includeSearch: false }}>
            Map
          </Link>
          <Link to="/captures" className="tab">
            Captures
          </Link>
          <Link to="/live" className="tab">
            Live
          </Link>
        </nav>
        <Group gap="xs" className="top-right" wrap="nowrap">
          {waiting > 0 && (
            <Anchor component={Link} to="/captures" size="xs">
              {formatCount(waiting)} {waiting === 1 ? 'capture is' : 'captures are'} being analysed
            </Anchor>
          )}
          {status.data?.inventory.state === 'recomputing' && (
            <Text size="xs" c="dimmed" role="status">
              Putting devices together…
            </Text>
          )}
          {status.data?.demo.loaded && <Badge color="yellow">Demo plant</Badge>}
          {status.error && <Badge color="red">{status.error.code === 'offline' ? 'No answer' : 'Error'}</Badge>}
          <Tooltip label="Keys (?)">
            <ActionIcon variant="subtle" color="gray" aria-label="Keys" onClick={sheet.open}>
              <IconKeyboard size={18} />
            </ActionIcon>
          </Tooltip>
          <SchemeSwitch />
          {passwordSet && (
            <Tooltip label="Sign out">
              <ActionIcon variant="subtle" color="gray" aria-label="Sign out" onClick={() => void signOut()}>
                <IconLogout size={18} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </header>
      {status.data?.demo.loaded && <DemoNote />}
      <main id="page" tabIndex={-1}>
        <Outlet />
      </main>
      <Modal opened={keys} onClose={sheet.close} title="Keys" size="sm">
        <Table>
          <Table.Tbody>
            {KEYS.map(([key, what]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{what}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Button mt="sm" variant="default" onClick={sheet.close}>
          Close
        </Button>
        {status.data && (
          <Text size="xs" c="dimmed" mt="sm">
            Interlock {status.data.version} · store {status.data.store.engine} {status.data.store.version}
          </Text>
        )}
      </Modal>
    </div>
  );
}

const NEXT_SCHEME = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const SCHEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = colorScheme === 'auto' ? IconDeviceDesktop : colorScheme === 'light' ? IconSun : IconMoon;
  return (
    <Tooltip label={`Colours: ${SCHEME_WORDS[colorScheme]}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Colours: ${SCHEME_WORDS[colorScheme]}`}
        onClick={() => setColorScheme(NEXT_SCHEME[colorScheme])}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
