package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WitTypeTest {
  @Test
  void typesPrintAsWitWritesThem() {
    WitType u32 = WitType.Primitive.U32;
    WitType string = WitType.Primitive.STRING;
    assertThat(new WitType.ResultType(u32, string)).hasToString("result<u32, string>");
    assertThat(new WitType.ResultType(u32, null)).hasToString("result<u32>");
    assertThat(new WitType.ResultType(null, string)).hasToString("result<_, string>");
    assertThat(new WitType.ResultType(null, null)).hasToString("result");
    assertThat(new WitType.MapType(string, u32)).hasToString("map<string, u32>");
    assertThat(new WitType.ListType(new WitType.OptionType(u32))).hasToString("list<option<u32>>");
    assertThat(new WitType.TupleType(List.of(u32, string))).hasToString("tuple<u32, string>");
  }

  @Test
  void theTextOfATypeWithoutEndIsCutOff() {
    WitType result = WitType.Primitive.U32;
    WitType map = WitType.Primitive.U32;
    WitType tuple = WitType.Primitive.U32;
    for (int i = 0; i < 100; i++) {
      result = new WitType.ResultType(result, result);
      map = new WitType.MapType(WitType.Primitive.U32, new WitType.TupleType(List.of(map, map)));
      tuple = new WitType.TupleType(List.of(tuple, tuple));
    }
    assertThat(result.toString()).hasSizeLessThan(1000);
    assertThat(map.toString()).hasSizeLessThan(1000);
    assertThat(tuple.toString()).hasSizeLessThan(1000);
  }
}
