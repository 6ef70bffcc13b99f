// Written by hand after ISO 9506-2 and IEC 61850-8-1, with the layers below after ISO 8650-1, 8823-1, 8327-1 and RFC 1006.
// A bay device that is asked who it is and then operated, a server of TASE.2, and a connection met in its middle.
import {
  type Bytes,
  ber,
  bytesOf,
  capture,
  concat,
  fromClient,
  fromServer,
  hex,
  tcp,
  write,
} from '../../testing/index.ts';

/** The association password, which no fact and no frame may show. */
export const secrets = ['Umspannwerk-7'];

// ------------------------------------------------------------------ layers

const tpkt = (cotp: Bytes) => {
  const bytes = bytesOf(cotp);
  return write()
    .u8(3, 0)
    .u16(4 + bytes.length)
    .bytes(bytes)
    .build();
};
const data = (session: Bytes, isLast = true) =>
  tpkt(
    write()
      .u8(2, 0xf0, isLast ? 0x80 : 0)
      .bytes(session),
  );
const connectRequest = tpkt(write().u8(17, 0xe0).hex('0000 0007 00 c0010a c1020001 c2020001'));
const connectConfirm = tpkt(write().u8(17, 0xd0).hex('0007 0012 00 c0010a c1020001 c2020001'));

/** Element with a tag above 30. */
const high = (leading: number, number: number, ...contents: Bytes[]) =>
  concat(hex('bf'), Uint8Array.of(number), ber(0, ...contents).subarray(1)).map((byte, i) =>
    i === 0 ? leading : byte,
  );
const presented = (context: number, value: Bytes) =>
  ber(0x61, ber(0x30, ber(0x02, Uint8Array.of(context)), ber(0xa0, value)));
const sessionParameter = (code: number, value: Bytes) => {
  const bytes = bytesOf(value);
  return bytes.length < 0xff
    ? write().u8(code, bytes.length).bytes(bytes).build()
    : write().u8(code, 0xff).u16(bytes.length).bytes(bytes).build();
};
const session = (type: number, control: Bytes, contexts: Bytes) =>
  data(
    sessionParameter(
      type,
      concat(
        hex('05 06 130100 160102 14020002 33020001 34020001'),
        sessionParameter(
          0xc1,
          ber(0x31, hex('a003800101'), ber(0xa2, hex('81040000000182040000 0001'), contexts, presented(1, control))),
        ),
      ),
    ),
  );
/** Association control (1) and MMS (3), in basic encoding rules. */
const CONTEXTS = hex('a423 300f 020101 060452010001 3004 06025101 3010 020103 060528ca220201 3004 06025101');
const RESULTS = hex('a512 3007 800100 81025101 3007 800100 81025101');
const initiation = (mms: Bytes) => ber(0xbe, ber(0x28, hex('06025101 020103'), ber(0xa0, mms)));
const APPLICATION = hex('a107 06052 8ca220203'.replaceAll(' ', ''));
const associate = (...more: Bytes[]) => session(0x0d, ber(0x60, APPLICATION, ...more), CONTEXTS);
const accept = (result: number, ...more: Bytes[]) =>
  session(
    0x0e,
    ber(0x61, APPLICATION, ber(0xa2, ber(2, Uint8Array.of(result))), hex('a305a103020100'), ...more),
    RESULTS,
  );
const INITIATE = ber(0xa8, hex('8003 00fde8 81010a 82010a 830105 a416 800101 810305f100 820c03ee1c00000408000079ef18'));
const INITIATED = ber(
  0xa9,
  hex('8003 00fde8 81010a 82010a 830105 a416 800101 810305f100 820c03ee1c00000408000079ef18'),
);

/** A PDU on an association that stands: give tokens, data transfer, context 3. */
const pdu = (mms: Bytes) => data(concat(hex('01000100'), presented(3, mms)));
const invoke = (number: number) => ber(0x02, Uint8Array.of(number));
const request = (number: number, service: Bytes) => pdu(ber(0xa0, invoke(number), service));
const response = (number: number, service: Bytes) => pdu(ber(0xa1, invoke(number), service));
const refused = (number: number) => pdu(ber(0xa2, ber(0x80, Uint8Array.of(number)), hex('a205 a003 870102')));

// ------------------------------------------------------------------ MMS

const text = (value: string) => write().text(value).build();
const name = (value: string) => ber(0x1a, text(value));
const visible = (value: string) => ber(0x8a, text(value));
const object = (domain: string, item: string) => (domain ? ber(0xa1, name(domain), name(item)) : ber(0x80, text(item)));
const variables = (...names: Bytes[]) => ber(0xa0, ...names.map((one) => ber(0x30, ber(0xa0, one))));
const read = (...names: Bytes[]) => ber(0xa4, ber(0xa1, variables(...names)));
const values = (...all: Bytes[]) => ber(0xa4, ber(0xa1, ...all));
const structure = (...all: Bytes[]) => ber(0xa2, ...all);
const component = (called: string, type: Bytes) => ber(0x30, ber(0x80, text(called)), ber(0xa1, type));
const structureType = (...components: Bytes[]) => ber(0xa2, ber(0xa1, ...components));
const STRING_TYPE = ber(0x8a, hex('ff01'));
const attributesOf = (one: Bytes) => ber(0xa6, ber(0xa0, one));
const writing = (one: Bytes, value: Bytes) => ber(0xa5, variables(one), ber(0xa0, value));
const WRITTEN = ber(0xa5, hex('8100'));
/** ctlVal, origin, ctlNum, T, Test, Check (IEC 61850-7-2 clause 20.5.2). */
const command = (value: Bytes) =>
  structure(value, structure(hex('850102 890453434144')), hex('860101 9108 5b2d6f40 00000000 830100 84020600'));

const BAY = 'AA1E1Q01A1LD0';
const plateType = structureType(
  component(
    'DC',
    structureType(
      component(
        'PhyNam',
        structureType(
          ...['vendor', 'hwRev', 'serNum', 'swRev', 'model', 'location'].map((one) => component(one, STRING_TYPE)),
        ),
      ),
    ),
  ),
  component('ST', structureType(component('PhyHealth', structureType(component('stVal', hex('850108')))))),
);

const bay = tcp({ client: '10.5.0.2', server: '10.5.0.20', port: 102, clientPort: 49_800 }, [
  fromClient(connectRequest),
  fromServer(connectConfirm),
  fromClient(
    associate(hex('8a0207 80'), hex('8b0352 0301'), ber(0xac, ber(0x80, text(secrets[0] ?? ''))), initiation(INITIATE)),
  ),
  fromServer(accept(0, initiation(INITIATED))),
  fromClient(request(1, hex('8200'))),
  fromServer(
    response(1, ber(0xa2, ber(0x80, text('Schutztechnik AG')), ber(0x81, text('ST-750')), ber(0x82, text('3.1.4')))),
  ),
  fromClient(request(2, ber(0xa1, hex('a003800109 a1028000')))),
  fromServer(response(2, ber(0xa1, ber(0xa0, name(BAY), name('AA1E1Q01A1PROT')), hex('810100')))),
  fromClient(request(3, ber(0xa1, ber(0xa0, hex('800100')), ber(0xa1, ber(0x81, text(BAY)))))),
  fromServer(response(3, ber(0xa1, ber(0xa0, name('LLN0'), name('LPHD1')), hex('810100')))),
  fromClient(request(4, attributesOf(object(BAY, 'LPHD1')))),
  fromServer(response(4, ber(0xa6, hex('800100'), ber(0xa2, plateType)))),
  // The plate behind the description of the node, in pieces, and a name plate without a type.
  fromClient(request(5, read(object(BAY, 'LPHD1$DC'), object(BAY, 'LLN0$DC$NamPlt'), object(BAY, 'LPHD1$XX')))),
  ...((): ReturnType<typeof fromServer>[] => {
    const plate = structure(
      structure(...['Schutztechnik AG', 'C2', '750-004711', '3.1.4b', 'ST-750-L', 'Bay 7'].map(visible)),
    );
    const namePlate = structure(visible('Schutztechnik AG'), visible(''), visible('protection'));
    const whole = concat(hex('01000100'), presented(3, ber(0xa1, invoke(5), values(plate, namePlate, hex('80010a')))));
    return [fromServer(data(whole.subarray(0, 60), false)), fromServer(data(whole.subarray(60)))];
  })(),
  fromClient(request(6, read(object(BAY, 'LLN0$DC$NamPlt$swRev'), object(BAY, 'LLN0$EX$NamPlt$ldNs')))),
  fromServer(response(6, values(visible('7.2'), visible('IEC 61850-7-4:2007B')))),
  fromClient(
    request(
      30,
      read(
        object(BAY, 'LLN0$GO$gcb01$GoID'),
        object(BAY, 'LLN0$MS$MSVCB01$MsvID'),
        object(BAY, 'LLN0$GO$gcb01$DatSet'),
      ),
    ),
  ),
  fromServer(response(30, values(visible('Q01_trip'), visible('Q01_MU1'), visible(`${BAY}/LLN0$trip`)))),
  // Confirmed with an empty list that is no service.
  fromClient(request(31, writing(object(BAY, 'LLN0$SP$Limit$setVal'), hex('860101')))),
  fromServer(response(31, hex('3000'))),
  // A poll, twice.
  ...[7, 8].flatMap((number) => [
    fromClient(request(number, read(object(BAY, 'MMXU1$MX$TotW')))),
    fromServer(response(number, values(structure(hex('870508 42c80000'))))),
  ]),
  fromClient(request(9, read(object(BAY, 'CSWI1$CO$Pos$SBO')))),
  fromServer(response(9, values(visible(`${BAY}/CSWI1$CO$Pos$Oper`)))),
  fromClient(request(10, writing(object(BAY, 'CSWI1$CO$Pos$SBOw'), command(hex('830101'))))),
  fromServer(response(10, WRITTEN)),
  fromClient(request(11, writing(object(BAY, 'CSWI1$CO$Pos$Oper'), command(hex('830101'))))),
  fromServer(response(11, WRITTEN)),
  fromClient(request(12, writing(object(BAY, 'CSWI1$CO$Pos$Cancel'), command(hex('830101'))))),
  fromServer(response(12, ber(0xa5, hex('800103')))),
  fromClient(request(13, writing(object(BAY, 'LLN0$CO$Mod$Oper'), command(hex('850102'))))),
  fromServer(response(13, WRITTEN)),
  fromClient(request(14, writing(object(BAY, 'PTOC1$SP$StrVal$setMag$f'), hex('870508 3fc00000')))),
  fromServer(refused(14)),
  fromClient(request(15, writing(object(BAY, 'LLN0$BR$brcbA01$RptEna'), hex('830101')))),
  fromServer(response(15, WRITTEN)),
  fromServer(
    pdu(ber(0xa3, ber(0xa0, ber(0xa1, ber(0x80, text('RPT'))), ber(0xa0, visible('brcbA'), hex('84020680'))))),
  ),
  fromClient(request(16, high(0xbf, 72, ber(0xa0, ber(0x19, text('/COMTRADE/fault0012.dat'))), hex('810100')))),
  fromServer(response(16, high(0xbf, 72, hex('800101 a106 800200ff 8100')))),
  fromClient(request(17, high(0x9f, 73, hex('01')))),
  fromServer(response(17, high(0xbf, 73, ber(0x80, hex('00ff')), hex('810100')))),
  fromClient(request(18, high(0xbf, 40, ber(0xa0, name('Hauptprogramm'))))),
  fromServer(response(18, high(0x9f, 40))),
  fromClient(request(19, high(0xbf, 99, name('what')))),
  fromServer(pdu(ber(0xa4, ber(0x80, Uint8Array.of(19)), hex('810101')))),
  // Ends in the middle of the number, and nobody answers the last one.
  fromClient(pdu(hex('a00402040001'))),
  fromClient(request(20, hex('8000'))),
  fromClient(data(hex('0904c1020500'))),
]);

const controlCentre = tcp({ client: '10.6.0.2', server: '10.6.0.9', port: 102, clientPort: 49_801 }, [
  fromClient(connectRequest),
  fromServer(connectConfirm),
  fromClient(associate(initiation(INITIATE))),
  fromServer(accept(0, initiation(INITIATED))),
  fromClient(request(1, read(object('', 'Supported_Features'), object('UTILITY_A', 'Bilateral_Table_ID')))),
  fromServer(response(1, values(hex('840207 80'), visible('BLT 4')))),
]);

const refusing = tcp({ client: '10.5.0.3', server: '10.5.0.20', port: 102, clientPort: 49_802 }, [
  fromClient(connectRequest),
  fromServer(connectConfirm),
  fromClient(associate(initiation(INITIATE))),
  fromServer(accept(1)),
]);

/** Met in its middle, on another port. */
const middle = tcp({ client: '10.5.0.2', server: '10.5.0.30', port: 10_102, clientPort: 49_803, handshake: false }, [
  fromClient(request(200, writing(object('', 'mu'), hex('8501fe')))),
  fromServer(response(200, WRITTEN)),
]);

export const golden = capture('MMS: a bay device, a control centre, a refusal, the middle of a connection', [
  bay,
  controlCentre,
  refusing,
  middle,
]);
