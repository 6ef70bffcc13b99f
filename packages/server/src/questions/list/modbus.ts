import { hasLength16, hex, type Question, type QuestionRequest } from '../question.ts';

const BASIC = 1;
const REGULAR = 2;
/** Unit identifiers: 255 is the device itself (MODBUS Messaging on TCP/IP 1.0b section 4.4.1.2), 1 what most answer to. */
const ITSELF = 255;
const FIRST_UNIT = 1;

/** Read device identification (MAP 1.1b3 section 6.21), from the first object on. */
const identification = (transaction: number, unit: number, code: number): Uint8Array =>
  hex(`00${two(transaction)} 0000 0005 ${two(unit)} 2b 0e ${two(code)} 00`);
const two = (value: number): string => value.toString(16).padStart(2, '0');
/** Whether an answer holds objects: function 43 without the exception bit. */
const tells = (answer: Uint8Array | undefined): boolean => answer?.[7] === 0x2b;

const requests: readonly QuestionRequest[] = [
  { what: 'read device identification, basic, of unit 255', bytes: () => identification(1, ITSELF, BASIC) },
  {
    what: 'read device identification, basic, of unit 1',
    bytes: ([first]) => (tells(first) ? undefined : identification(2, FIRST_UNIT, BASIC)),
  },
  {
    what: 'read device identification, regular, of the unit that answered',
    bytes: (answers) => {
      if (answers.length === 0) return identification(3, ITSELF, REGULAR);
      const answer = answers.find(tells);
      return answer && identification(3, answer[6] ?? ITSELF, REGULAR);
    },
  },
];

export const modbus: Question = {
  name: 'modbus-device-identification',
  title: 'Modbus device identification',
  tells: 'vendor, product code, revision, model',
  spec: 'MODBUS Application Protocol 1.1b3 section 6.21',
  transport: 'tcp',
  port: 502,
  tries: [requests],
  isWhole: (received) => hasLength16(received, 4, 6),
};
