package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TagTest {
  private static final TagType TYPE = new TagType(FuncType.of(ValType.I32, ValType.EXTERNREF));
  private static final String GUEST =
      """
      (module
        (import "a" "tag" (tag $tag (param i32 externref)))
        (import "a" "f" (func $f))
        (export "tag" (tag $tag))
        (func (export "throw") (param i32) (throw $tag (local.get 0) (ref.null extern)))
        (func (export "catch") (result i32 externref)
          (block $caught (result i32 externref)
            (try_table (catch $tag $caught) (call $f))
            (i32.const -1) (ref.null extern))))
      """;

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();

  private Instance guest(Tag tag, HostFunction function) {
    return Guests.instantiate(store, GUEST, tag, Func.create(store, FuncType.of(), function));
  }

  @Test
  void oneMadeInJavaIsCaughtByTheGuest() {
    Tag tag = Tag.create(store, TYPE);
    Tag other = Tag.create(store, TYPE);
    Instance guest =
        guest(
            tag,
            (caller, args) -> {
              throw new GuestException(tag, 5, "text");
            });
    assertThat((Object[]) guest.func("catch").call()).containsExactly(5, "text");

    Instance missing =
        guest(
            tag,
            (caller, args) -> {
              throw new GuestException(other, 5, "text");
            });
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> missing.func("catch").call())
        .satisfies(e -> assertThat(e.tag()).isEqualTo(other));
  }

  @Test
  void objectsForOneTagAreEqual() {
    Tag tag = Tag.create(store, TYPE);
    Tag other = Tag.create(store, TYPE);
    Instance guest = guest(tag, (caller, args) -> null);

    assertThat(guest.tag("tag")).isEqualTo(tag).hasSameHashCodeAs(tag).isNotSameAs(tag);
    assertThat(ExnRef.create(tag, 1, null).tag()).isEqualTo(tag).hasSameHashCodeAs(tag);
    assertThat(tag).isNotEqualTo(other).isNotEqualTo(null).isNotEqualTo("tag");
    assertThatExceptionOfType(GuestException.class)
        .isThrownBy(() -> guest.func("throw").call(3))
        .satisfies(e -> assertThat(e.tag()).isEqualTo(tag))
        .satisfies(e -> assertThat(e.payload()).containsExactly(3, null));
    try (Store another = Store.create(engine)) {
      assertThat(Tag.create(another, TYPE)).isNotEqualTo(tag).isNotEqualTo(other);
    }
    store.close();
    assertThat(tag).isEqualTo(tag).isNotEqualTo(other);
  }

  @Test
  void itHasAType() {
    assertThat(Tag.create(store, TYPE).type()).isEqualTo(TYPE);
    assertThat(Tag.create(store, new TagType(FuncType.of())).type().payload().params()).isEmpty();
    StructType struct = StructType.create(engine, FieldType.mutable(ValType.I32));
    TagType concrete = new TagType(FuncType.of(new RefType(false, struct)));
    assertThat(Tag.create(store, concrete).type()).isEqualTo(concrete);
  }

  @Test
  void aTypeWithResultsIsRefused() {
    TagType type = new TagType(FuncType.of(ValType.I32).returns(ValType.I32));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tag.create(store, type))
        .withMessage("the type of a tag has no results: (i32) -> (i32)");
  }

  @Test
  void anEngineWithoutAHeapHasNone() {
    try (Engine bare = Engine.builder().gcSupport(false).build();
        Store own = Store.create(bare)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> Tag.create(own, TYPE))
          .withMessageContaining("gcSupport");
    }
  }
}
