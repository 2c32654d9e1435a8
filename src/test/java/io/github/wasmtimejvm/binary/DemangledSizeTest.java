package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound on what the engine makes of names. Nothing here is demangled. */
class DemangledSizeTest {
  private static final long MEBIBYTE = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "main, 80",
    "_ZN4core3ptr13drop_in_place17h0123456789abcdefE, 940",
    "_ZN4core3S1_2T_E.llvm.123, 500", // a path has no references
    "S_S_, 240", // one reference, twice
    "S_S0_S0_, 960", // two, once and twice
    "T_T_T_, 960", // the same index may mean another part
    "S1S_, 320", // may be S_ or S1S_
    "_RNvC1a1B, 1000000",
    "R1B, 60", // no path of Rust
    "rNvC1aB, 140",
    "_A_9_, 100", // no reference
    "Sa_, 60",
    "S10_S20_, 640", // numbers of two digits, each another
    "S0_S10_, 560",
    "RAB, 1000000",
    "__RZB, 1000000",
    "___RNB, 120",
    "R@B, 60",
    "R[B, 60",
    "RNvC1a, 120",
    "_R, 40",
    "_ZN2S_E, 140",
    "_ZN09S_aaaaaaaE, 300",
    "_ZNE.S_, 140",
    "_ZN2S_, 240", // no path, as it does not end,
    "_ZN3S_, 240",
    "_ZN1, 80",
    "_ZNS_E, 240", // as a length is not there,
    "_ZN2S_Ev, 320", // as something comes after it
    "_ZN4éS_E, 360", // or as it is not of ASCII
  })
  void partsThatAreReferredToAreThereSoOften(String name, long size) {
    assertThat(DemangledSize.of(name)).isEqualTo(size);
  }

  @Test
  void aNameAmongOthersIsReadToItsEnd() {
    byte[] bytes = "S_RNv_ZN_".getBytes(StandardCharsets.US_ASCII);
    DemangledSize size = new DemangledSize();
    assertThat(size.of(bytes, 8, 1)).isEqualTo(20);
    assertThat(size.of(bytes, 2, 3)).isEqualTo(60);
    assertThat(size.of(bytes, 0, 2)).isEqualTo(80);
    assertThat(size.of(bytes, 1, 1)).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"_Z", "", "x", "P"})
  void aHostileNameIsFoundWhateverItBeginsWith(String beginning) {
    StringBuilder name = new StringBuilder(beginning).append("1f1A1BI");
    for (int level = 0; level < 12; level++) {
      name.append("S0_I").append(("S" + level + "_").repeat(16)).append('E');
    }

    assertThat(DemangledSize.of(name.toString())).isGreaterThan(256 * MEBIBYTE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_ZNSt3__212basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE6appendEPKc",
        "_ZNSt3__26vectorIiNS_9allocatorIiEEE9push_backB7v160006ERKi",
        "_ZN5boost6detail15sp_counted_impl_pINS_10filesystem6detail11dir_itr_impEE7disposeEv",
        "PyUnicode_FromStringAndSize",
      })
  void usualNamesAreFarFromHostile(String name) {
    assertThat(DemangledSize.of(name)).isLessThan(MEBIBYTE);
  }

  @Test
  void aVeryLongNameIsNotLookedAt() {
    assertThat(DemangledSize.of("q".repeat(2000))).isEqualTo(40_000);
    assertThat(DemangledSize.of("q".repeat(2001))).isEqualTo(Long.MAX_VALUE);
  }

  /** One of 80 kB took half a minute. */
  @ParameterizedTest
  @ValueSource(strings = {"S", "T0", "ST", "S_", "T_", "S_T_", "_", "SZZ_", "B", "_R"})
  @Timeout(600)
  void anyNumberOfNamesEnds(String part) {
    String name = part.repeat(2000 / part.length());
    for (int i = 0; i < 10_000; i++) {
      assertThat(DemangledSize.of(name)).isPositive();
    }
  }
}
