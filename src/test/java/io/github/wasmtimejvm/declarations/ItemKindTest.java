package io.github.wasmtimejvm.declarations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Global;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.SharedMemory;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.Table;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.Tag;
import io.github.wasmtimejvm.TagType;
import io.github.wasmtimejvm.ValType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of items, by their numbers in the binary format and of items in a store. */
class ItemKindTest {
  @ParameterizedTest
  @CsvSource({"0, FUNC", "1, TABLE", "2, MEMORY", "3, GLOBAL", "4, TAG", "32, FUNC"})
  void kindsHaveTheirNumbers(int number, ItemKind kind) {
    assertThat(ItemKind.of(number)).isEqualTo(kind);
  }

  @Test
  void thereIsNoOtherKind() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ItemKind.of(5));
  }

  @Test
  void everyItemHasItsKind() {
    try (Engine engine = Engine.builder().sharedMemory(true).build();
        SharedMemory shared = SharedMemory.create(engine, MemoryType.shared(1, 1));
        Store store = Store.create(engine)) {
      FuncType type = FuncType.of(ValType.I32);
      Map<Extern, ItemKind> kinds =
          Map.of(
              Func.create(store, type, (caller, args) -> null),
              ItemKind.FUNC,
              Table.create(store, TableType.of(ValType.FUNCREF, 1), null),
              ItemKind.TABLE,
              Memory.create(store, MemoryType.of(1)),
              ItemKind.MEMORY,
              shared,
              ItemKind.MEMORY,
              Global.create(store, new GlobalType(ValType.I32, true), 1),
              ItemKind.GLOBAL,
              Tag.create(store, new TagType(type)),
              ItemKind.TAG);
      kinds.forEach((item, kind) -> assertThat(ItemKind.of(item)).isEqualTo(kind));
    }
  }
}
