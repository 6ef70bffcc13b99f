// What keeps the server from starting, as a value from the list of errors: the command line prints both sentences.
import { ERRORS, type ErrorValues, errorMessage, type StartErrorCode } from '@interlock/model/errors';

export class StartProblem extends Error {
  readonly code: StartErrorCode;
  readonly whatToDo: string;
  constructor(code: StartErrorCode, values: Readonly<Record<string, string | number>>) {
    super(errorMessage(code, values as ErrorValues<StartErrorCode>));
    this.code = code;
    this.whatToDo = ERRORS[code].whatToDo;
  }
}
