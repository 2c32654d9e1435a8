package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import org.junit.jupiter.api.Test;

/** Numbers that are none keep their bits, quiet or not, on all ways into a guest and back. */
class NanBitsTest {
  private static final int[] FLOATS = {0x7fc0_0000, 0x7fc1_2345, 0x7f81_2345, 0xffc0_0001};
  private static final long[] DOUBLES = {
    0x7ff8_0000_0000_0000L, 0x7ff8_1234_5678_9abcL, 0x7ff0_1234_5678_9abcL, 0xfff8_0000_0000_0001L
  };

  @Test
  void theirBitsComeBack() {
    String wat =
        new EchoComponent()
            .scalar("float", "f32", "f32")
            .scalar("double", "f64", "f64")
            .lists("floats", "f32")
            .lists("doubles", "f64")
            .wat();
    try (Engine engine = Engine.create();
        Store store = Store.create(engine);
        Component component = Component.fromWat(engine, wat)) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.define("t:t/host", "floats", arguments -> arguments[0]);
      linker.define("t:t/host", "doubles", arguments -> arguments[0]);
      ComponentInstance instance = linker.instantiate(store, component);
      for (int bits : FLOATS) {
        float value = Float.intBitsToFloat(bits);
        assertThat(Float.floatToRawIntBits((float) instance.func("float").call(value)))
            .isEqualTo(bits);
        for (String function : new String[] {"floats", "floats-relay"}) {
          float[] list = (float[]) instance.func(function).call((Object) new float[] {value});
          assertThat(Float.floatToRawIntBits(list[0])).isEqualTo(bits);
        }
      }
      for (long bits : DOUBLES) {
        double value = Double.longBitsToDouble(bits);
        assertThat(Double.doubleToRawLongBits((double) instance.func("double").call(value)))
            .isEqualTo(bits);
        for (String function : new String[] {"doubles", "doubles-relay"}) {
          double[] list = (double[]) instance.func(function).call((Object) new double[] {value});
          assertThat(Double.doubleToRawLongBits(list[0])).isEqualTo(bits);
        }
      }
    }
  }
}
