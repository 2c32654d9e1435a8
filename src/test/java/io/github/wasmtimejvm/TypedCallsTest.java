package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is generated for calls, and how long it stays. */
class TypedCallsTest {
  @Test
  void whatIsGeneratedForASignatureGoesWithItsHandlesButForTheLastOnesOfTheEngine() {
    int before = TypedCalls.kept();
    List<MethodHandle> handles = new ArrayList<>();
    try (Engine engine = Engine.create()) {
      try (Store store = Store.create(engine);
          Module module = manySignatures(engine, 100)) {
        Instance instance = Instance.create(store, module);
        for (int i = 0; i < 100; i++) {
          handles.add(instance.func("f" + i).handle());
        }
        collectUntilKept(100 + before);
        assertThat(TypedCalls.kept()).isGreaterThanOrEqualTo(100);
        handles.clear();
        collectUntilKept(64 + before);
        assertThat(TypedCalls.kept()).isGreaterThanOrEqualTo(64);
      }
    }
    collectUntilKept(before);
  }

  private static void collectUntilKept(int most) {
    do {
      System.gc();
    } while (TypedCalls.kept() > most);
  }

  // Of so many parameters that no other test has them.
  private static Module manySignatures(Engine engine, int count) {
    StringBuilder wat = new StringBuilder("(module");
    for (int i = 0; i < count; i++) {
      wat.append("(func (export \"f%d\") (param i64 f64 i64%s))".formatted(i, " f32".repeat(i)));
    }
    return Module.fromWat(engine, wat.append(")").toString());
  }
}
