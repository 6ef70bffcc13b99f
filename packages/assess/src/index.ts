// Meaning drawn from observations: which addresses are one device, and what it is.
export type { Explanation } from './identity/explain.ts';
export { IDENTIFIERS, type Identifier } from './identity/identifiers.ts';
export { type NamedObservation, type ResolveOptions, Resolver, resolveInventory } from './identity/resolve.ts';
export { ROLE_RULES, type RoleRule } from './identity/roles.ts';
