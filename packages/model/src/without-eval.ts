// To be imported before the contract where a content security policy forbids `eval`: in the browser. Zod otherwise tries
// whether it may compile schemas, and the browser reports the attempt as a violation.
import { config } from 'zod';

config({ jitless: true });
