// The controller of the press: Snap7's S7 server with a data block that changes. CommonJS because node-snap7 is a native
// addon that the recorder builds for the Node it is run with (README of the lab).
const { S7Server } = require(process.env.LAB_SNAP7);

const server = new S7Server();
const recipe = Buffer.alloc(64);
server.RegisterArea(server.srvAreaDB, 1, recipe);
server.RegisterArea(server.srvAreaMK, Buffer.alloc(32));
server.StartTo('0.0.0.0', (error) => {
  if (error) {
    console.error(`S7 server: ${server.ErrorText(error)}`);
    process.exit(1);
  }
  server.SetCpuStatus(server.S7CpuStatusRun);
});
setInterval(() => {
  recipe.writeUInt16BE((recipe.readUInt16BE(0) + 1) & 0xffff, 0);
  server.SetArea(server.srvAreaDB, 1, recipe);
}, 500);
