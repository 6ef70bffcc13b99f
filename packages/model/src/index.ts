// The vocabulary. Everything else imports from here; this imports nothing of ours.
export * from './device.ts';
export * from './dossier.ts';
export * from './facts.ts';
export * from './finding.ts';
export * from './observation.ts';
export * from './operation.ts';
export * from './provenance.ts';
export * from './subject.ts';
export * from './verdict.ts';
