// The vocabulary. Everything else imports from here; this imports nothing of ours. What is checked with zod (`api.ts`,
// `inspect-output.ts`) has doors of its own (`@interlock/model/api`): loading zod would double the time of a short run.
export * from './device.ts';
export * from './dossier.ts';
export * from './facts.ts';
export * from './finding.ts';
export * from './imports.ts';
export * from './observation.ts';
export * from './operation.ts';
export * from './provenance.ts';
export * from './subject.ts';
export * from './verdict.ts';
