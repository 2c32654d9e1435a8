package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WitVersionsTest {
  @ParameterizedTest
  @CsvSource({
    "a:b/c@1.2.0, a:b/c@1.2.0",
    "a:b/c@1.2.0, a:b/c@1.9.3",
    "a:b/c@1.9.3, a:b/c@1.2.0",
    "a:b/c@0.2.0, a:b/c@0.2.12",
    "a:b/c@0.2.99, a:b/c@0.2.12",
    "a:b/c@0.0.1, a:b/c@0.0.1",
    "a:b/c@1.0.0-rc.1, a:b/c@1.0.0-rc.1",
    "a:b/c@1.0.0, a:b/c@1.0.1+build",
    "a:b/c, a:b/c"
  })
  void serves(String wanted, String there) {
    assertThat(WitVersions.find(List.of("x:y/z@1.0.0", there), wanted)).isEqualTo(there);
  }

  @ParameterizedTest
  @CsvSource({
    "a:b/c@1.2.0, a:b/c@2.0.0",
    "a:b/c@0.2.0, a:b/c@0.3.0",
    "a:b/c@0.2.0, a:b/c@1.2.0",
    "a:b/c@0.0.1, a:b/c@0.0.2",
    "a:b/c@1.0.0-rc.1, a:b/c@1.0.0",
    "a:b/c@1.0.0, a:b/c@1.0.0-rc.1",
    "a:b/c@1.0.0-rc.1, a:b/c@1.0.0-rc.2",
    "a:b/c@1.0.0, a:b/c",
    "a:b/c, a:b/c@1.0.0",
    "a:b/c@1.0.0, a:b/d@1.0.0",
    "a:b/c@1.0.0, a:b/c@1.0",
    "a:b/c@1.0.0, a:b/c@1.x.0"
  })
  void doesNotServe(String wanted, String there) {
    assertThat(WitVersions.find(List.of(there), wanted)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"1.0.0, 1.10.0", "1.10.0, 1.10.0", "1.3.0, 1.10.0"})
  void ofSeveralTheSameServesOrElseTheNewest(String wanted, String found) {
    assertThat(
            WitVersions.find(
                List.of("a:b/c@1.9.0", "a:b/c@1.10.0", "a:b/c@1.2.0", "a:b/c@2.0.0"),
                "a:b/c@" + wanted))
        .isEqualTo("a:b/c@" + found);
  }
}
