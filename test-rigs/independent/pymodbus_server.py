"""A Modbus server of python3-pymodbus (3.0) that holds a table of values.

    pymodbus_server.py TABLE FRAMING tcp        prints the port it listens on
    pymodbus_server.py TABLE FRAMING udp        the same
    pymodbus_server.py TABLE FRAMING dial PORT REGISTRATION HEARTBEAT
                                                dials in to 127.0.0.1 as a serial server does;
                                                packets in hexadecimal
    pymodbus_server.py TABLE FRAMING DEVICE     serves a serial port at 115200 baud

FRAMING is socket (the header of Modbus TCP), rtu or ascii.

Each line of the table: area, address, type, order, registers of a text, value.
"""

import asyncio
import struct
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server.async_io import (
    ModbusConnectedRequestHandler, ModbusSerialServer, ModbusTcpServer, ModbusUdpServer,
)
from pymodbus.transaction import ModbusAsciiFramer, ModbusRtuFramer, ModbusSocketFramer

FRAMERS = {"socket": ModbusSocketFramer, "rtu": ModbusRtuFramer, "ascii": ModbusAsciiFramer}

FORMATS = {
    "bool": ">H", "int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I",
    "int64": ">q", "uint64": ">Q", "float32": ">f", "float64": ">d",
}

IDENTITY = ModbusDeviceIdentification(info_name={
    "VendorName": "Lifeline", "ProductCode": "TABLE", "MajorMinorRevision": "1.2",
})


def value_bytes(kind, length, text):
    if kind.startswith("bcd"):
        return bytes.fromhex(text)
    if kind == "string":
        return bytes.fromhex(text).ljust(2 * length, b"\0")
    number = float(text) if kind.startswith("float") else int(text)
    return struct.pack(FORMATS[kind], number)


def registers(kind, order, length, text):
    raw = value_bytes(kind, length, text)
    words = [raw[i:i + 2] for i in range(0, len(raw), 2)]
    if order in ("CDAB", "DCBA") and kind != "string":
        words.reverse()
    if order in ("BADC", "DCBA"):
        words = [word[::-1] for word in words]
    return [int.from_bytes(word, "big") for word in words]


def load(path):
    areas = {"coil": {}, "discrete": {}, "input": {}, "holding": {}}
    with open(path, encoding="ascii") as table:
        for line in table:
            area, address, kind, order, length, text = line.split()
            if area in ("coil", "discrete"):
                values = [text == "1"]
            else:
                values = registers(kind, order, int(length), text)
            for index, value in enumerate(values):
                areas[area][int(address) + index] = value
    blocks = {area: ModbusSparseDataBlock(values) for area, values in areas.items()}
    unit = ModbusSlaveContext(
        co=blocks["coil"], di=blocks["discrete"], ir=blocks["input"], hr=blocks["holding"],
        zero_mode=True,
    )
    return ModbusServerContext(slaves={1: unit}, single=False)


async def dial(server, port, registration, heartbeat):
    """Answers on a connection that it makes itself, and makes again when it ends."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            transport, handler = await loop.create_connection(
                lambda: ModbusConnectedRequestHandler(server), "127.0.0.1", port,
            )
        except OSError:
            await asyncio.sleep(0.1)
            continue
        transport.write(bytes.fromhex(registration))
        while handler.running:
            await asyncio.sleep(0.02)
            transport.write(bytes.fromhex(heartbeat))


async def main(table, framing, where, *calling):
    context = load(table)
    framer = FRAMERS[framing]
    if where == "tcp":
        server = ModbusTcpServer(
            context, framer=framer, address=("127.0.0.1", 0), allow_reuse_address=True,
            identity=IDENTITY,
        )
        serving = asyncio.create_task(server.serve_forever())
        await server.serving
        print("listening on", server.server.sockets[0].getsockname()[1], flush=True)
        await serving
    elif where == "dial":
        server = ModbusTcpServer(
            context, framer=framer, defer_start=True, ignore_missing_slaves=True,
            identity=IDENTITY,
        )
        print("dialling", flush=True)
        await dial(server, int(calling[0]), *calling[1:])
    elif where == "udp":
        server = ModbusUdpServer(
            context, framer=framer, address=("127.0.0.1", 0), identity=IDENTITY,
        )
        serving = asyncio.create_task(server.serve_forever())
        await server.serving
        print("listening on", server.protocol.get_extra_info("sockname")[1], flush=True)
        await serving
    else:
        server = ModbusSerialServer(
            context, framer=framer, port=where, baudrate=115200, ignore_missing_slaves=True,
            identity=IDENTITY,
        )
        await server.start()
        print("listening on", where, flush=True)
        await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
