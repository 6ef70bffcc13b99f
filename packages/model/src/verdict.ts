// A verdict without evidence does not compile, "unknown" names what is missing, "not needed" says why (NISTIR 8228
// section 5 lets an organization leave an expectation out with a reason).

/** Identifiers of observations, at least one. */
export type Evidence = readonly [string, ...string[]];

export type Verdict =
  | { readonly answer: 'met'; readonly evidence: Evidence }
  | { readonly answer: 'not met'; readonly evidence: Evidence }
  | { readonly answer: 'unknown'; readonly missing: readonly [string, ...string[]] }
  | { readonly answer: 'not needed'; readonly reason: string };
