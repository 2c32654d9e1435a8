package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.ValType.FUNCREF;
import static io.github.wasmtimejvm.ValType.I32;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.internal.Shim;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Running out of stack, the guest's or Java's, from any depth of Java recursion, is an exception
 * and never the end of the process. How large Java's frames are is the compilers' affair, so the
 * children have all that a JVM has by default.
 */
class StackGuardTest {
  private static final long DEFAULT_LIMIT = 512 * 1024;

  @Test
  void everyOverflowFromEveryDepthEndsInAnException() {
    ChildJvm.Result result =
        ChildJvm.with()
            .asByDefault()
            .run(Overflows.class, "" + DEFAULT_LIMIT, "main", "512", "1024", "8192", "virtual");
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).endsWith("done\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:StackShadowPages=50"})
  void alsoWithOtherFrameSizesAndGuardZones(String flag) {
    ChildJvm.Result result =
        ChildJvm.with(flag)
            .asByDefault()
            .run(Overflows.class, "" + DEFAULT_LIMIT, "main", "1024", "virtual");
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).endsWith("done\n");
  }

  /** Nobody can say how large the zones are there. */
  @Test
  void alsoInAnImageWithoutTheManagement() {
    ChildJvm.Result result =
        ChildJvm.with("--limit-modules", "java.base", "-XX:StackShadowPages=50")
            .asByDefault()
            .run(Overflows.class, "" + DEFAULT_LIMIT, "main", "1024", "virtual");
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).endsWith("done\n");
  }

  @Test
  void alsoWithEverythingCompiledAtOnce() {
    ChildJvm.Result result =
        ChildJvm.with("-Xcomp").asByDefault().run(Overflows.class, "" + DEFAULT_LIMIT, "main");
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).endsWith("done\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+TieredCompilation", "-Xint"})
  void smallThreadsWithAnEngineForThem(String flag) {
    ChildJvm.Result result =
        ChildJvm.with("-Xss512k", flag)
            .asByDefault()
            .run(Overflows.class, "131072", "main", "512", "virtual");
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).endsWith("done\n");
  }

  @Test
  void aThreadTooSmallForTheGuestIsToldTheRemedies() {
    ChildJvm.Result result = ChildJvm.with("-Xss512k").asByDefault().run(TooSmall.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith(
            "STACK_OVERFLOW [] wasm trap: call stack exhausted before the guest was entered")
        .containsPattern("the thread has \\d+ bytes of stack left, entering needs \\d+")
        .contains("a thread with a larger stack or an engine with a smaller maxWasmStack")
        .endsWith("3\n");
  }

  /** It happens where stack is short: a class that is first initialized there is lost for good. */
  @ParameterizedTest
  @ValueSource(strings = {"-XX:+TieredCompilation", "-Xint", "-XX:TieredStopAtLevel=1"})
  void theFirstRefusalEverBreaksNoClass(String flag) {
    ChildJvm.Result result = ChildJvm.with(flag).asByDefault().run(FirstRefusal.class);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).endsWith("STACK_OVERFLOW 1,234\n");
  }

  /** What was tried from the frames of a deep recursion, and how often it ended how. */
  private static final class Attempts {
    private static final long DENSE = 64 * 1024;

    private final long enough;
    private final Runnable attempt;
    private long lastRoom;
    int returned;
    int guestRan;
    int refused;
    int javaOverflowed;
    @Nullable Throwable unexpected;

    Attempts(long maxWasmStack, Runnable attempt) {
      this.enough = maxWasmStack + Shim.MARGIN;
      this.attempt = attempt;
    }

    /**
     * From the deepest frame that there is, and then from ever fewer frames; in small steps near
     * the end of the stack, and around the place from which on guests are let in.
     */
    static Attempts of(long maxWasmStack, Runnable attempt) {
      Attempts attempts = new Attempts(maxWasmStack, attempt);
      attempts.descend();
      attempts.tryOnce();
      return attempts;
    }

    private void descend() {
      try {
        descend();
      } catch (StackOverflowError e) {
        lastRoom = 0;
      }
      long room = Shim.room();
      boolean critical = room < 2 * DENSE || Math.abs(room - enough) < DENSE;
      long step = critical ? 1024 : room / 8;
      if (room - lastRoom >= step) {
        lastRoom = room;
        tryOnce();
      }
    }

    private void tryOnce() {
      try {
        attempt.run();
        returned++;
      } catch (TrapException e) {
        if (e.code() != TrapCode.STACK_OVERFLOW) {
          unexpected = e;
        } else if (e.frames().isEmpty()) {
          refused++;
        } else {
          guestRan++;
        }
      } catch (StackOverflowError e) {
        javaOverflowed++;
      } catch (Throwable t) {
        unexpected = t;
      }
    }

    @Override
    public String toString() {
      return "returned=%d guestRan=%d refused=%d javaOverflowed=%d unexpected=%s"
          .formatted(returned, guestRan, refused, javaOverflowed, unexpected);
    }
  }

  /** Arguments: the guests' limit, and the threads to do it on. */
  static final class Overflows {
    private static final String COMPONENT = "(component ".repeat(90) + ")".repeat(90);

    // The last two only the engine can compare with what there is.
    private static final String UNLINKABLE =
        """
        (module
          (type $f (func (param i32)))
          (import "none" "such" (func (param (ref null $f))))
          (import "items" "table" (table i64 1 funcref))
          (import "items" "global" (global (ref null $f)))
          (func (export "f") (param (ref $f))))
        """;

    private static long maxWasmStack;
    private static Engine engine;
    private static Module guest;
    private static Module recursingStart;
    private static Module unlinkable;
    private static byte[] binary;
    private static byte[] compiled;

    private @Nullable StackOverflowError thrownByHost;
    private int hostOverflows;
    private Instance here;
    private Instance there;

    public static void main(String[] args) throws InterruptedException {
      maxWasmStack = Long.parseLong(args[0]);
      try (Engine made = Engine.builder().maxWasmStack(maxWasmStack).build()) {
        engine = made;
        guest = Guests.compile(engine, StackGuardTest.class, "stack-guard.wat");
        binary = Module.wat2wasm("(module (func $forever (call $forever)) (start $forever))");
        recursingStart = Module.fromBytes(engine, binary);
        compiled = recursingStart.serialize();
        unlinkable = Module.fromWat(engine, UNLINKABLE);
        for (String name : List.of(args).subList(1, args.length)) {
          List<Throwable> failures = new ArrayList<>();
          Runnable all =
              () -> {
                try {
                  new Overflows().all(name);
                } catch (Throwable t) {
                  failures.add(t);
                }
              };
          switch (name) {
            case "main" -> all.run();
            case "virtual" -> Thread.ofVirtual().start(all).join();
            default -> {
              Thread thread = new Thread(null, all, name, Long.parseLong(name) * 1024);
              thread.start();
              thread.join();
            }
          }
          for (Throwable failure : failures) {
            throw new AssertionError("on thread " + name, failure);
          }
        }
      }
      System.out.println("done");
    }

    private void all(String name) {
      try (Linker linker = Linker.create(engine);
          Store store = Store.create(engine);
          Store other = Store.create(engine)) {
        define(linker);
        try {
          here = linker.instantiate(store, guest);
          there = linker.instantiate(other, guest);
        } catch (TrapException tooSmall) {
          // Whether it is one depends on the thread stacks that the C library keeps for reuse.
          assertThat(name).isEqualTo("512");
          assertThat(tooSmall.getMessage()).contains("before the guest was entered");
          System.out.println(name + " is too small");
          return;
        }
        checkOrdinaryCall();
        linker.define("items", "table", Table.create(store, TableType.of(FUNCREF, 1), null));
        GlobalType constant = new GlobalType(FUNCREF, false);
        linker.define("items", "global", Global.create(store, constant, null));
        compareTypes();
        failToLink(linker, store);
        Map<String, Runnable> overflows = new LinkedHashMap<>();
        for (String export : List.of("forever", "through-host", "java-recursion", "other-store")) {
          Func func = here.func(export);
          overflows.put(export, func::call);
        }
        overflows.put("start", () -> linker.instantiate(store, recursingStart));
        overflows.put("start without linker", () -> Instance.create(store, recursingStart));
        overflows.forEach(
            (what, overflow) -> checkOverflow(name, what, Attempts.of(maxWasmStack, overflow)));

        Map<String, Runnable> others = new LinkedHashMap<>();
        others.put("compile", () -> Module.fromBytes(engine, binary).close());
        others.put("deserialize", () -> Module.deserialize(engine, compiled).close());
        others.put("validate", () -> Module.validate(engine, binary));
        others.put("wat", () -> Module.wat2wasm(COMPONENT));
        if (name.equals("main")) { // on all threads it would take long
          others.put("types of a module", () -> compareTypes());
          others.put("a link that fails", () -> failToLink(linker, store));
        }
        others.forEach((what, task) -> checkReturns(name, what, Attempts.of(maxWasmStack, task)));
        assertThat(hostOverflows).as("Java recursions in the host function").isPositive();
      }
    }

    // Both ask the engine for types. Without AssertJ, whose classes must not be lost where there is
    // no stack to initialize them.
    private static void compareTypes() {
      ExternType offered = unlinkable.exports().getFirst().type();
      if (offered.equals(unlinkable.imports().getFirst().type())) {
        throw new AssertionError(offered);
      }
    }

    private static void failToLink(Linker linker, Store store) {
      try {
        linker.instantiate(store, unlinkable);
      } catch (LinkException e) {
        if (e.unsatisfied().equals(unlinkable.imports())) {
          return;
        }
        throw e;
      }
      throw new AssertionError("it was linked");
    }

    private void define(Linker linker) {
      linker.define(
          "host",
          "again",
          FuncType.of(),
          (caller, args) -> ((Func) caller.export("through-host").orElseThrow()).call());
      linker.define("host", "java", FuncType.of(), (caller, args) -> overflowHere());
      linker.define(
          "host",
          "other",
          FuncType.of(),
          (caller, args) ->
              (caller.store() == here.store() ? there : here).func("other-store").call());
    }

    private @Nullable Object overflowHere() {
      try {
        return forever(0);
      } catch (StackOverflowError e) {
        thrownByHost = e;
        throw e;
      }
    }

    private static int forever(int n) {
      return forever(n + 1) + n;
    }

    private void checkOrdinaryCall() {
      assertThat(here.func("add").call(1, 2)).isEqualTo(3);
    }

    private void checkOverflow(String name, String what, Attempts attempts) {
      System.out.println(name + " " + what + ": " + attempts);
      assertThat(attempts.unexpected).as(what).isNull();
      assertThat(attempts.returned).as(what).isZero();
      assertThat(attempts.refused).as(what + " from too deep").isPositive();
      if (what.equals("java-recursion")) {
        countHostOverflows();
      } else {
        assertThat(attempts.guestRan).as(what + " with room").isPositive();
      }
      checkOrdinaryCall();
    }

    // From this frame, where there is room: the very Error of the host function arrives.
    private void countHostOverflows() {
      try {
        here.func("java-recursion").call();
      } catch (StackOverflowError e) {
        assertThat(e).isSameAs(thrownByHost);
        hostOverflows++;
      }
    }

    private void checkReturns(String name, String what, Attempts attempts) {
      System.out.println(name + " " + what + ": " + attempts);
      assertThat(attempts.unexpected).as(what).isNull();
      assertThat(attempts.returned).as(what).isPositive();
      checkOrdinaryCall();
    }
  }

  /** To be run with {@code -Xss512k}, which the main thread gets too. */
  static final class TooSmall {
    public static void main(String[] args) throws InterruptedException {
      try (Engine engine = Engine.create()) {
        Runnable call =
            () -> {
              try (Store store = Store.create(engine)) {
                Func add =
                    Func.create(
                        store,
                        FuncType.of(I32, I32).returns(I32),
                        (caller, values) -> (Integer) values[0] + (Integer) values[1]);
                System.out.println(add.call(1, 2));
              } catch (TrapException e) {
                System.out.println(e.code() + " " + e.frames() + " " + e.getMessage());
              }
            };
        call.run();
        Thread large = new Thread(null, call, "large", 2 * 1024 * 1024);
        large.start();
        large.join();
      }
    }
  }

  /** Nothing in this JVM has failed yet, and no number was formatted. */
  static final class FirstRefusal {
    public static void main(String[] args) {
      try (Engine engine = Engine.create();
          Store store = Store.create(engine);
          Module module = Module.fromWat(engine, "(module (func $f (export \"f\") (call $f)))")) {
        Func forever = Instance.create(store, module).func("f");
        forever.type();
        Attempts attempts = Attempts.of(DEFAULT_LIMIT, new Call(forever));
        if (attempts.unexpected != null || attempts.refused == 0) {
          throw new AssertionError(attempts.toString(), attempts.unexpected);
        }
        try {
          forever.call();
        } catch (TrapException e) {
          System.out.println(e.code() + " " + "%,d".formatted(1234));
        }
      }
    }

    // No lambda: linking one in the deepest frame would break that one.
    private record Call(Func func) implements Runnable {
      @Override
      public void run() {
        func.call();
      }
    }
  }
}
