// An error of the API as something to throw: a code from the list of errors and what fills its text in.
import { type ApiErrorCode, ERRORS, type ErrorValues, errorMessage } from '@interlock/model/errors';

export class ApiProblem extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  /** Seconds after which it makes sense to try again. */
  readonly retryAfter: number | undefined;

  constructor(code: ApiErrorCode, values: Readonly<Record<string, string | number>>, retryAfter?: number) {
    super(errorMessage(code, values as ErrorValues<ApiErrorCode>));
    this.code = code;
    this.status = ERRORS[code].status;
    this.retryAfter = retryAfter;
  }
}

/** An `ApiProblem` whose values are checked against the text of its code. */
export const problem = <C extends ApiErrorCode>(code: C, values: ErrorValues<C>, retryAfter?: number): ApiProblem =>
  new ApiProblem(code, values as Readonly<Record<string, string | number>>, retryAfter);
