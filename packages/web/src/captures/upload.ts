// Sends one capture with its progress, which fetch cannot tell of an upload.
import { addressOf, CSRF_HEADER, type OutputOf } from '@interlock/model/api';
import { ApiError, errorOf, loadToken, offline } from '../api/client.ts';

export interface Upload {
  readonly done: Promise<OutputOf<'addCapture'>>;
  readonly cancel: () => void;
}

/** In: a file, and what is called with the share sent (0 to 1). Out: the answer to come, and how to stop. */
export function uploadCapture(file: File, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const send = async () => {
    const token = await loadToken();
    return new Promise<OutputOf<'addCapture'>>((resolve, reject) => {
      request.open('POST', addressOf('addCapture'));
      request.setRequestHeader(CSRF_HEADER, token);
      request.responseType = 'json';
      request.upload.addEventListener('progress', (event) =>
        progress(event.total > 0 ? event.loaded / event.total : 0),
      );
      request.addEventListener('load', () => {
        if (request.status === 200 || request.status === 201) resolve(request.response as OutputOf<'addCapture'>);
        else reject(errorOf(request.status, request.response));
      });
      request.addEventListener('error', () => reject(offline()));
      request.addEventListener('abort', () => reject(new ApiError('cancelled', 0, 'Cancelled.', '')));
      const form = new FormData();
      form.append('file', file, file.name);
      request.send(form);
    });
  };
  return { done: send(), cancel: () => request.abort() };
}
