// The types of IEC 60870-5-101 and -104 messages: what each does to a station, and how long its objects are, by which
// messages on other ports are known.
import type { OperationKind } from '@interlock/model';

export interface AsduType {
  /** Name in the standard: `C_SC_NA_1`. */
  readonly label: string;
  /** Bytes of one object without its address; 0 where they vary or there are none. */
  readonly size: number;
  /** Of what a controlling station asks for; absent for what stations report. */
  readonly what?: string;
  readonly kind?: OperationKind;
}
const report = (label: string, size: number): AsduType => ({ label, size });
const command = (label: string, size: number, what: string, kind: OperationKind): AsduType => ({
  label,
  size,
  what,
  kind,
});

/** By type identification (IEC 60870-5-101 clause 7.2.1.1, IEC 60870-5-104 clause 6, security: IEC/TS 60870-5-7). */
const TYPES: Readonly<Record<number, AsduType>> = {
  1: report('M_SP_NA_1', 1),
  2: report('M_SP_TA_1', 4),
  3: report('M_DP_NA_1', 1),
  4: report('M_DP_TA_1', 4),
  5: report('M_ST_NA_1', 2),
  6: report('M_ST_TA_1', 5),
  7: report('M_BO_NA_1', 5),
  8: report('M_BO_TA_1', 8),
  9: report('M_ME_NA_1', 3),
  10: report('M_ME_TA_1', 6),
  11: report('M_ME_NB_1', 3),
  12: report('M_ME_TB_1', 6),
  13: report('M_ME_NC_1', 5),
  14: report('M_ME_TC_1', 8),
  15: report('M_IT_NA_1', 5),
  16: report('M_IT_TA_1', 8),
  17: report('M_EP_TA_1', 6),
  18: report('M_EP_TB_1', 7),
  19: report('M_EP_TC_1', 7),
  20: report('M_PS_NA_1', 5),
  21: report('M_ME_ND_1', 2),
  30: report('M_SP_TB_1', 8),
  31: report('M_DP_TB_1', 8),
  32: report('M_ST_TB_1', 9),
  33: report('M_BO_TB_1', 12),
  34: report('M_ME_TD_1', 10),
  35: report('M_ME_TE_1', 10),
  36: report('M_ME_TF_1', 12),
  37: report('M_IT_TB_1', 12),
  38: report('M_EP_TD_1', 10),
  39: report('M_EP_TE_1', 11),
  40: report('M_EP_TF_1', 11),
  41: report('S_IT_TC_1', 14),
  45: command('C_SC_NA_1', 1, 'single command', 'write'),
  46: command('C_DC_NA_1', 1, 'double command', 'write'),
  47: command('C_RC_NA_1', 1, 'regulating step command', 'write'),
  48: command('C_SE_NA_1', 3, 'set point command', 'write'),
  49: command('C_SE_NB_1', 3, 'set point command', 'write'),
  50: command('C_SE_NC_1', 5, 'set point command', 'write'),
  51: command('C_BO_NA_1', 4, 'bitstring command', 'write'),
  58: command('C_SC_TA_1', 8, 'single command with time tag', 'write'),
  59: command('C_DC_TA_1', 8, 'double command with time tag', 'write'),
  60: command('C_RC_TA_1', 8, 'regulating step command with time tag', 'write'),
  61: command('C_SE_TA_1', 10, 'set point command with time tag', 'write'),
  62: command('C_SE_TB_1', 10, 'set point command with time tag', 'write'),
  63: command('C_SE_TC_1', 12, 'set point command with time tag', 'write'),
  64: command('C_BO_TA_1', 11, 'bitstring command with time tag', 'write'),
  70: report('M_EI_NA_1', 1),
  81: command('S_CH_NA_1', 0, 'authentication challenge', 'authentication'),
  82: command('S_RP_NA_1', 0, 'authentication reply', 'authentication'),
  83: command('S_AR_NA_1', 0, 'aggressive mode authentication request', 'authentication'),
  84: command('S_KR_NA_1', 0, 'session key status request', 'authentication'),
  85: command('S_KS_NA_1', 0, 'session key status', 'authentication'),
  86: command('S_KC_NA_1', 0, 'session key change', 'authentication'),
  87: command('S_ER_NA_1', 0, 'authentication error', 'authentication'),
  90: command('S_US_NA_1', 0, 'user status change', 'authentication'),
  91: command('S_UQ_NA_1', 0, 'update key change request', 'authentication'),
  92: command('S_UR_NA_1', 0, 'update key change reply', 'authentication'),
  93: command('S_UK_NA_1', 0, 'update key change', 'authentication'),
  94: command('S_UA_NA_1', 0, 'update key change', 'authentication'),
  95: command('S_UC_NA_1', 0, 'update key change confirmation', 'authentication'),
  100: command('C_IC_NA_1', 1, 'interrogation', 'read'),
  101: command('C_CI_NA_1', 1, 'counter interrogation', 'read'),
  102: command('C_RD_NA_1', 0, 'read', 'read'),
  103: command('C_CS_NA_1', 7, 'clock synchronisation', 'configure'),
  104: command('C_TS_NA_1', 2, 'test', 'diagnostic'),
  105: command('C_RP_NA_1', 1, 'reset process', 'mode'),
  106: command('C_CD_NA_1', 2, 'delay acquisition', 'diagnostic'),
  107: command('C_TS_TA_1', 9, 'test with time tag', 'diagnostic'),
  110: command('P_ME_NA_1', 3, 'set parameter of measured value', 'configure'),
  111: command('P_ME_NB_1', 3, 'set parameter of measured value', 'configure'),
  112: command('P_ME_NC_1', 5, 'set parameter of measured value', 'configure'),
  113: command('P_AC_NA_1', 1, 'activate parameter', 'configure'),
  120: command('F_FR_NA_1', 6, 'file ready', 'file'),
  121: command('F_SR_NA_1', 7, 'section ready', 'file'),
  122: command('F_SC_NA_1', 4, 'call or select file', 'file'),
  123: command('F_LS_NA_1', 5, 'last section of file', 'file'),
  124: command('F_AF_NA_1', 4, 'acknowledge file', 'file'),
  125: command('F_SG_NA_1', 0, 'file segment', 'file'),
  126: report('F_DR_TA_1', 13),
  127: command('F_SC_NB_1', 16, 'query log', 'file'),
};
export const typeOf = (type: number): AsduType | undefined => TYPES[type];

/** Whether a station reports something of itself with this type: values, events, its end of initialisation, a directory. */
export const isReport = (type: number): boolean => type <= 41 || type === 70 || type === 126;
