// The operator panel's side of S7: reads the press's data block twice a second.
const { S7Client } = require(process.env.LAB_SNAP7);

const client = new S7Client();
if (!client.ConnectTo(process.argv[2], 0, 2)) {
  console.error(`S7 poll: ${client.ErrorText(client.LastError())}`);
  process.exit(1);
}
setInterval(() => {
  if (client.DBRead(1, 0, 32) === false) console.error(`S7 poll: ${client.ErrorText(client.LastError())}`);
}, 500);
