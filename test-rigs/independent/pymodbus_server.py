"""A Modbus server of python3-pymodbus (3.0) that holds a table of values.

    pymodbus_server.py TABLE tcp        prints the port it listens on
    pymodbus_server.py TABLE DEVICE     serves a serial port at 115200 baud

Each line of the table: area, address, type, order, registers of a text, value.
"""

import asyncio
import struct
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer

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


async def main(table, where):
    context = load(table)
    if where == "tcp":
        server = ModbusTcpServer(
            context, identity=IDENTITY, address=("127.0.0.1", 0), allow_reuse_address=True,
        )
        serving = asyncio.create_task(server.serve_forever())
        await server.serving
        print("listening on", server.server.sockets[0].getsockname()[1], flush=True)
        await serving
    else:
        server = ModbusSerialServer(
            context, identity=IDENTITY, framer=ModbusRtuFramer, port=where, baudrate=115200,
            ignore_missing_slaves=True,
        )
        await server.start()
        print("listening on", where, flush=True)
        await server.serve_forever()


asyncio.run(main(sys.argv[1], sys.argv[2]))
