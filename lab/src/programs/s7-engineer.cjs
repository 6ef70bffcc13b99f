// The engineer goes online with the press: who are you, what mode, write a threshold, stop and start again.
const { S7Client } = require(process.env.LAB_SNAP7);

const client = new S7Client();
const must = (name, result) => {
  if (result === false) throw new Error(`${name}: ${client.ErrorText(client.LastError())}`);
};
must('connect', client.ConnectTo(process.argv[2], 0, 2));
must('order code', client.GetOrderCode());
must('cpu info', client.GetCpuInfo());
must('protection', client.GetProtection());
must('status', client.PlcStatus());
must('blocks', client.ListBlocks());
must('write', client.DBWrite(1, 10, 2, Buffer.from([0x01, 0xf4])));
must('stop', client.PlcStop());
setTimeout(() => {
  must('start', client.PlcHotStart());
  client.Disconnect();
}, 3000);
