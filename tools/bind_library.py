#!/usr/bin/env python3
"""Binds the names that a shared library defines itself to its own definitions, once and for all.

    bind_library.py FROM TO

Loading a large library spends most of its time looking for names that the library defines itself: 37,000 of
DuckDB's 41,000, and one more at the first call of each function. TO is FROM with the answers written in, as a linker
does with -Bsymbolic: relocations of such names become relative ones, and slots of functions hold their addresses.
Nothing else changes, neither code nor data. x86-64 and arm64, 64-bit little-endian ELF; others are copied as they are.
"""
import struct
import sys

RELOCATION = struct.Struct("<QQq")  # offset, symbol << 32 | type, addend
SYMBOL = struct.Struct("<IBBHQQ")  # name, info, other, section, value, size
DT_RELA, DT_RELASZ, DT_SYMTAB, DT_JMPREL, DT_PLTRELSZ, DT_RELACOUNT = 7, 8, 6, 23, 2, 0x6FFFFFF9
STT_GNU_IFUNC, STB_GNU_UNIQUE, STT_TLS = 10, 10, 6
# By e_machine: the types absolute 64 bits, global data, jump slot, relative.
TYPES = {62: (1, 6, 7, 8), 183: (257, 1025, 1026, 1027)}


class Library:
    def __init__(self, data):
        self.data = bytearray(data)
        header = struct.unpack_from("<16sHHIQQQIHHHHHH", data)
        self.machine = header[2]
        self.segments = [struct.unpack_from("<IIQQQQQQ", data, header[5] + i * header[9]) for i in range(header[10])]
        _, _, offset, _, _, size, _, _ = next(s for s in self.segments if s[0] == 2)
        self.dynamic = {}  # tag: (value, where the value stands)
        for place in range(offset, offset + size, 16):
            tag, value = struct.unpack_from("<QQ", data, place)
            self.dynamic[tag] = (value, place + 8)

    def place(self, address):
        """Where in the file the byte at an address stands."""
        for kind, _, offset, start, _, size, _, _ in self.segments:
            if kind == 1 and start <= address < start + size:
                return offset + address - start
        raise ValueError(f"no byte at {address:#x}")

    def value_of(self, symbol):
        """The address of a symbol that the library defines for itself; None of others."""
        place = self.place(self.dynamic[DT_SYMTAB][0]) + symbol * SYMBOL.size
        _, info, _, section, value, _ = SYMBOL.unpack_from(self.data, place)
        is_own = section not in (0, 0xFFF1) and info >> 4 != STB_GNU_UNIQUE
        return value if is_own and info & 15 not in (STT_GNU_IFUNC, STT_TLS) else None

    def bind_data(self, absolute, global_data, relative):
        place, size = self.place(self.dynamic[DT_RELA][0]), self.dynamic[DT_RELASZ][0]
        relocations = []
        for offset, info, addend in RELOCATION.iter_unpack(self.data[place:place + size]):
            kind = info & 0xFFFFFFFF
            value = self.value_of(info >> 32) if kind in (absolute, global_data) else None
            if value is not None:
                info, addend = relative, value + (addend if kind == absolute else 0)
            relocations.append((offset, info, addend))
        # Relative ones come first, and their number is told: the loader goes over them in one loop.
        relocations.sort(key=lambda r: (r[1] != relative, r[0] if r[1] == relative else 0))
        self.data[place:place + size] = b"".join(RELOCATION.pack(*r) for r in relocations)
        if DT_RELACOUNT in self.dynamic:
            count = sum(r[1] == relative for r in relocations)
            struct.pack_into("<Q", self.data, self.dynamic[DT_RELACOUNT][1], count)

    def bind_functions(self, jump_slot):
        """The loader adds the library's address to each slot, and looks up nothing before the first call."""
        place, size = self.place(self.dynamic[DT_JMPREL][0]), self.dynamic[DT_PLTRELSZ][0]
        for offset, info, _ in RELOCATION.iter_unpack(self.data[place:place + size]):
            value = self.value_of(info >> 32) if info & 0xFFFFFFFF == jump_slot else None
            if value is not None:
                struct.pack_into("<Q", self.data, self.place(offset), value)


def main(source, target):
    with open(source, "rb") as file:
        data = file.read()
    if data[:6] == b"\x7fELF\x02\x01" and struct.unpack_from("<H", data, 18)[0] in TYPES:
        library = Library(data)
        absolute, global_data, jump_slot, relative = TYPES[library.machine]
        library.bind_data(absolute, global_data, relative)
        library.bind_functions(jump_slot)
        data = library.data
    with open(target, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
