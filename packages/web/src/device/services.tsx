// What the device offers to others, and what it uses of others.

import type { DeviceDetail } from '@interlock/model/api';
import { Text } from '@mantine/core';
import { Why } from '../evidence/evidence-drawer.tsx';
import { formatCount, formatService } from '../ui/format.ts';
import type { ShowWhy } from './facts.tsx';

export function Services({ device, why }: { device: DeviceDetail; why: ShowWhy }) {
  return (
    <div className="two-columns">
      <section>
        <h3>Offered</h3>
        {device.servicesOffered.length === 0 && (
          <Text c="dimmed">No service of this device answered in the captured time.</Text>
        )}
        <table className="facts">
          <tbody>
            {device.servicesOffered.map((service) => (
              <tr key={formatService(service)}>
                <td className="value">{service.protocol ?? <span className="dim">not recognised</span>}</td>
                <td className="mono">
                  {service.transport}/{service.port}
                </td>
                <td className="dim">
                  {formatCount(service.clients)} {service.clients === 1 ? 'client' : 'clients'}
                </td>
                <td>
                  {service.fact && <Why show={() => why(service.fact as string)} label={formatService(service)} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section>
        <h3>Used</h3>
        {device.servicesUsed.length === 0 && <Text c="dimmed">It was not seen to ask anything of another device.</Text>}
        <table className="facts">
          <tbody>
            {device.servicesUsed.map((service) => (
              <tr key={formatService(service)}>
                <td className="value">{service.protocol ?? <span className="dim">not recognised</span>}</td>
                <td className="mono">
                  {service.transport}/{service.port}
                </td>
                <td className="dim">
                  {formatCount(service.servers)} {service.servers === 1 ? 'server' : 'servers'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
