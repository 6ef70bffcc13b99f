// Another device, as a link to its page.
import type { DeviceLink } from '@interlock/model/api';
import { Link } from '@tanstack/react-router';

export function DeviceLinkShown({ device }: { device: DeviceLink }) {
  return (
    <>
      <Link to="/devices/$id" params={{ id: device.id }}>
        {device.name}
      </Link>
      {device.outside && <span className="dim"> outside</span>}
    </>
  );
}
