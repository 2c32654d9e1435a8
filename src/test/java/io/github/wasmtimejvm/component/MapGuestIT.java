package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.testing.BuiltComponents;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A component in C whose functions return the maps that they are given. */
class MapGuestIT {
  public record Entry(String name, Map<Long, String> values) {}

  public interface Maps {
    Map<String, Long> idMap(Map<String, Long> v);

    Map<Integer, byte[]> idMapChar(Map<Integer, byte[]> v);

    Map<String, Map<Long, Boolean>> idMapMap(Map<String, Map<Long, Boolean>> v);

    List<Map<String, Long>> idListMap(List<Map<String, Long>> v);

    Optional<Map<String, Long>> idOptionMap(Optional<Map<String, Long>> v);

    Entry idEntry(Entry v);
  }

  public interface MapIdentity {
    Maps maps();

    long held();
  }

  @Test
  void mapsComeBack() {
    try (Engine engine = Engine.builder().feature(WasmFeature.COMPONENT_MODEL_MAP, true).build();
        Component component = BuiltComponents.compile(engine, "map-identity-c");
        Store store = Store.create(engine)) {
      MapIdentity world =
          ComponentLinker.create(engine).instantiate(store, component).as(MapIdentity.class);
      Maps maps = world.maps();
      Map<String, Long> numbers = Map.of("", 0L, "largest", 0xffff_ffffL, "日本語", 3L);

      assertThat(maps.idMap(numbers)).isEqualTo(numbers);
      assertThat(maps.idMap(Map.of())).isEmpty();
      assertThat(maps.idMapChar(Map.of(0x10ffff, new byte[] {-1}, (int) 'a', new byte[0])))
          .hasEntrySatisfying(0x10ffff, bytes -> assertThat(bytes).containsExactly(-1))
          .hasEntrySatisfying((int) 'a', bytes -> assertThat(bytes).isEmpty())
          .hasSize(2);
      Map<String, Map<Long, Boolean>> nested =
          Map.of("none", Map.of(), "two", Map.of(-1L, true, Long.MIN_VALUE, false));
      assertThat(maps.idMapMap(nested)).isEqualTo(nested);
      assertThat(maps.idListMap(List.of(numbers, Map.of(), numbers)))
          .containsExactly(numbers, Map.of(), numbers);
      assertThat(maps.idOptionMap(Optional.of(numbers))).contains(numbers);
      assertThat(maps.idOptionMap(Optional.empty())).isEmpty();
      Entry entry = new Entry("e", Map.of(7L, "seven"));
      assertThat(maps.idEntry(entry)).isEqualTo(entry);

      Map<String, Long> wrong = new HashMap<>(numbers);
      wrong.put("too large", 0x1_0000_0000L);
      assertThatIllegalArgumentException().isThrownBy(() -> maps.idMap(wrong));
      wrong.put("too large", null);
      assertThatIllegalArgumentException().isThrownBy(() -> maps.idMap(wrong));
      assertThat(maps.idMap(numbers)).as("it goes on").isEqualTo(numbers);
      assertThat(world.held()).as("bytes that the guest holds").isZero();
    }
  }

  @Test
  void withoutTheSettingItIsRefusedByItsName() {
    try (Engine engine = Engine.create()) {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> BuiltComponents.compile(engine, "map-identity-c"))
          .withMessageContaining("WasmFeature.COMPONENT_MODEL_MAP, true");
    }
  }
}
