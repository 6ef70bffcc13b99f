import { expect, it } from 'vitest';
import { tellProduct } from './product-headers.ts';

function stated(text: string): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  tellProduct(text, {}, 'Server', (_, kind, value) => {
    facts[kind.replace('device.', '')] = value;
  });
  return facts;
}

it.each([
  [
    'HP HTTP Server; HP ENVY 5660 series - F8B04A; Serial Number: TH5AN3R0RS; Built:Mon Mar 16, 2020 {MKP1FN2012AR}',
    { vendor: 'HP', model: 'HP ENVY 5660 series', 'order-number': 'F8B04A', serial: 'TH5AN3R0RS', type: 'Printer' },
  ],
  [
    'FRITZ!Box 7490 (UI) UPnP/1.0 AVM FRITZ!Box 7490 (UI) 113.07.29',
    { vendor: 'AVM', model: 'FRITZ!Box 7490', firmware: '113.07.29' },
  ],
  ['Schneider-WEB/V2.1.4', { vendor: 'Schneider Electric' }],
  ['Siemens Gigaset', { vendor: 'Siemens' }],
  // Programs, and a maker's name that only begins another word.
  ['Apache/2.4.41 (Ubuntu)', {}],
  ['Linux/3.14.0 UPnP/1.0 IpBridge/1.9.0', {}],
  ['Digitalocean', {}],
  ['', {}],
])('%s', (text, expected) => {
  expect(stated(text)).toEqual(expected);
});
