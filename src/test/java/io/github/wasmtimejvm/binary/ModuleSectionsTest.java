package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What is kept of the sections of a module, byte by byte. */
class ModuleSectionsTest {
  private static final int NAMES = 1 << 17;

  /** A module with these sections, whose content is zeros but for its beginning. */
  private static ModuleSections sections(Object... idsSizesAndBeginnings) {
    ByteArrayOutputStream wasm = new ByteArrayOutputStream();
    wasm.writeBytes(new byte[8]);
    for (int i = 0; i < idsSizesAndBeginnings.length; i += 3) {
      int size = (int) idsSizesAndBeginnings[i + 1];
      wasm.write((int) idsSizesAndBeginnings[i]);
      for (int shift = 0; shift < 28; shift += 7) {
        wasm.write(size >>> shift & 0x7f | (shift < 21 ? 0x80 : 0));
      }
      byte[] beginning = HexFormat.of().parseHex((String) idsSizesAndBeginnings[i + 2]);
      wasm.writeBytes(Arrays.copyOf(beginning, size));
    }
    return new ModuleSections(MemorySegment.ofArray(wasm.toByteArray()));
  }

  private static long demangledSize(Object... sections) {
    return sections(sections).custom(() -> 0).demangledSize();
  }

  private static final String NAME = "046e616d65";

  /** Of functions f and gg: 20 bytes for each character. */
  private static final String F = NAME + "0104" + "01000166";

  private static final String GG = NAME + "0105" + "0100026767";

  @Test
  void namesCountUpToDamageAndUpToTheirBound() {
    assertThat(demangledSize(0, 11, F)).isEqualTo(20);
    assertThat(demangledSize(0, 11, F, 0, 12, GG)).isEqualTo(60);
    assertThat(demangledSize(0, 15, F + "01020100", 0, 12, GG)).isEqualTo(60);
    assertThat(demangledSize(0, 16, NAME + "0109" + "020001660102676700")).isEqualTo(60);
    // Only as many bytes are read as NAMES and the code have, of all sections together.
    assertThat(demangledSize(0, NAMES + 5, F)).isEqualTo(20);
    assertThat(demangledSize(0, NAMES + 6, F)).isEqualTo(Long.MAX_VALUE);
    assertThat(demangledSize(10, 3, "00", 0, NAMES + 8, F)).isEqualTo(20);
    assertThat(demangledSize(10, 3, "00", 0, NAMES + 9, F)).isEqualTo(Long.MAX_VALUE);
    assertThat(demangledSize(0, NAMES - 1, F, 0, 11, F)).isEqualTo(40);
    assertThat(demangledSize(0, NAMES, F, 0, 11, F)).isEqualTo(Long.MAX_VALUE);
    String endless = NAME + "01d60f" + "0100d20f"; // a name of 2002 characters
    assertThat(demangledSize(0, 2014, endless, 0, 11, F)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void namesBehindThoseOfFunctionsAreRead() {
    assertThat(sections(0, 15, F + "0002" + "016d").custom(() -> 0).moduleName()).isEqualTo("m");
  }

  @Test
  void onlyWhatDeclaresIsKept() {
    assertThat(sections(1, 2, "aabb", 0, 11, F, 11, 1, "00", 13, 1, "cc", 3, 0, "").declarations())
        .isEqualTo(HexFormat.of().parseHex("0182808000aabb" + "0d81808000cc" + "0380808000"));
  }
}
