// Every error that leaves the server has a code from the list: what our own code throws, what Fastify and its plugins
// say, and what nobody expected, which is logged whole and told in one sentence.
import type { ErrorAnswer } from '@interlock/model/api';
import { ERRORS } from '@interlock/model/errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiProblem, problem } from '../api-problem.ts';

/** Sends an error as the list of errors has it. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toProblem(error, request);
  if (known.status >= 500) request.log.error({ event: 'fault', code: known.code, err: error }, known.message);
  if (known.retryAfter !== undefined) reply.header('retry-after', String(known.retryAfter));
  const { whose, whatToDo } = ERRORS[known.code];
  const answer: ErrorAnswer = {
    error: { code: known.code, message: known.message, whose, whatToDo, request: request.id },
  };
  return reply.code(known.status).type('application/json').send(answer);
}

function toProblem(error: unknown, request: FastifyRequest): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const fault = error as FastifyError;
  if (hasZodFastifySchemaValidationErrors(fault)) {
    const where = fault.validationContext ?? 'request';
    const texts = fault.validation.map(({ instancePath, message }) =>
      `${where}${instancePath.replaceAll('/', '.')}: ${message}`.slice(0, 300),
    );
    return problem('request.invalid', { problem: texts.slice(0, 5).join('; ') });
  }
  switch (fault.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return problem('request.media-type', { type: request.headers['content-type'] ?? 'none' });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('request.too-large', { limit: request.routeOptions.bodyLimit });
    case 'FST_FIELDS_LIMIT':
    case 'FST_PARTS_LIMIT':
      return problem('request.invalid', { problem: 'the body has too many parts' });
  }
  if (typeof fault.statusCode === 'number' && fault.statusCode >= 400 && fault.statusCode < 500)
    return problem('request.invalid', { problem: fault.message });
  return problem('server.fault', { request: request.id });
}
