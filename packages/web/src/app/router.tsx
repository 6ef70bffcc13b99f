// The pages, one line each.
import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { CapturePage } from '../captures/capture-page.tsx';
import { CapturesPage } from '../captures/captures-page.tsx';
import { DevicePage } from '../device/device-page.tsx';
import { InventoryPage } from '../inventory/inventory-page.tsx';
import { LivePage } from '../live/live-page.tsx';
import { MapPage } from '../map/map-page.tsx';
import { Empty } from '../ui/states.tsx';
import { deviceSearchOf, mapSearchOf } from './search.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: () => <Empty title="There is no such page" /> });

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inventory' });
  },
});
export const inventoryRoute = createRoute({
  getParentRoute: () => root,
  path: '/inventory',
  component: InventoryPage,
  validateSearch: deviceSearchOf,
});
export const deviceRoute = createRoute({
  getParentRoute: () => root,
  path: '/devices/$id',
  component: DevicePage,
  validateSearch: (given: Record<string, unknown>): { tab?: string; fact?: string } => ({
    ...(typeof given['tab'] === 'string' ? { tab: given['tab'] } : {}),
    ...(typeof given['fact'] === 'string' ? { fact: given['fact'] } : {}),
  }),
});
export const mapRoute = createRoute({
  getParentRoute: () => root,
  path: '/map',
  component: MapPage,
  validateSearch: mapSearchOf,
});
export const capturesRoute = createRoute({ getParentRoute: () => root, path: '/captures', component: CapturesPage });
export const liveRoute = createRoute({ getParentRoute: () => root, path: '/live', component: LivePage });
export const captureRoute = createRoute({ getParentRoute: () => root, path: '/captures/$id', component: CapturePage });

export const router = createRouter({
  routeTree: root.addChildren([start, inventoryRoute, deviceRoute, mapRoute, capturesRoute, liveRoute, captureRoute]),
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
