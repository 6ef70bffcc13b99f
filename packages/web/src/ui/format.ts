// How values are written on the screen: the same everywhere.

const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const shortDateTime = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});
const whole = new Intl.NumberFormat('en-GB');

/** The furthest time a Date can hold, in ms (ECMA-262 section 21.4.1.1); captures may say anything. */
const MAX_TIME = 8.64e15;
const isTime = (ms: number): boolean => Number.isFinite(ms) && Math.abs(ms) <= MAX_TIME && ms > 0;

export const formatTime = (ms: number | undefined): string =>
  ms !== undefined && isTime(ms) ? dateTime.format(ms) : 'no time';
export const formatShortTime = (ms: number | undefined): string =>
  ms !== undefined && isTime(ms) ? shortDateTime.format(ms).replace(',', '') : '–';
export const formatCount = (n: number): string => whole.format(n);

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A length of time in words: "3 min 20 s". In: milliseconds. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

export const formatService = ({
  transport,
  port,
  protocol,
}: {
  transport: string;
  port: number;
  protocol?: string | undefined;
}): string => (protocol ? `${protocol} ${transport}/${port}` : `${transport}/${port}`);

/** Sureness in words: a number with two digits pretends to more than it knows. */
export const suretyWord = (sureness: number): string =>
  sureness >= 0.85 ? 'sure' : sureness >= 0.6 ? 'likely' : sureness >= 0.35 ? 'unsure' : 'little known';

const LEVEL_WORDS: Record<string, string> = {
  field: 'Field',
  control: 'Control',
  supervision: 'Supervision',
  enterprise: 'Enterprise',
  outside: 'Outside',
  unknown: 'Not known',
};
export const levelWord = (level: string): string => LEVEL_WORDS[level] ?? level;
