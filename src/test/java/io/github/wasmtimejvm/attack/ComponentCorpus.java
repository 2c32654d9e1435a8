package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.component.EchoComponent;
import io.github.wasmtimejvm.testing.Guests;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The components that hostile callers use: as text and as bytes.
 *
 * @param shape an interface for what it exports, {@code null} if there is none
 */
record ComponentCorpus(String name, String text, byte[] binary, @Nullable Class<?> shape) {
  // How many of the first ones have resources.
  private static final int RESOURCES = 3;
  private static final String TESTS = "/io/github/wasmtimejvm/component/";

  /** Gives back what it is given. */
  static final ComponentCorpus ECHO = of("echo", echo(), ComponentShapes.Echo.class);

  /** All. */
  static final List<ComponentCorpus> ALL =
      List.of(
          of("things", read(TESTS + "things.wat"), ComponentShapes.Things.class),
          of("blobs", read(TESTS + "blobs.wat"), ComponentShapes.BlobGuest.class),
          of("handles", ending(read("components/handles.wat")), null),
          ECHO,
          of("lies", ending(read("components/lies.wat")), ComponentShapes.Lies.class),
          of("results", read("components/results.wat"), null),
          of("exits", read("components/exits.wat"), null));

  /** Any of them. */
  static ComponentCorpus any(Random random) {
    // Resources are harder to come by than anything else.
    return random.nextInt(3) == 0
        ? ALL.get(random.nextInt(RESOURCES))
        : ALL.get(random.nextInt(ALL.size()));
  }

  private static ComponentCorpus of(String name, String text, @Nullable Class<?> shape) {
    return new ComponentCorpus(name, text, Module.wat2wasm(text), shape);
  }

  private static String read(String name) {
    return Guests.read(ComponentCorpus.class, name);
  }

  // Nothing stops a guest on most engines.
  private static String ending(String text) {
    return text.replace("(loop (br 0))", "(nop)");
  }

  private static String echo() {
    return new EchoComponent()
        .type("point", "(record (field \"x\" s32) (field \"y\" string))")
        .type("shape", "(variant (case \"none\") (case \"text\" string) (case \"c\" char))")
        .type("color", "(enum \"red\" \"green\" \"blue\")")
        .type("perms", "(flags \"read\" \"write\")")
        .lists("bytes", "u8")
        .lists("texts", "string")
        .lists("chars", "char")
        .lists("doubles", "f64")
        .lists("points", "$point")
        .lists("shapes", "$shape")
        .lists("colors", "$color")
        .lists("perms-of", "$perms")
        .lists("tuples", "(tuple bool (option $point) (result $shape (error $color)))")
        .scalar("long", "u64", "i64")
        .scalar("point-of-code", "char", "i32")
        .trap("trap")
        .wat()
        .replace("(memory (export \"m\") 512)", "(memory (export \"m\") 16 200)");
  }
}
