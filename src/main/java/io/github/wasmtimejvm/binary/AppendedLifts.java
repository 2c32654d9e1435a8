package io.github.wasmtimejvm.binary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Appends sections to a component that lift some of its core functions once more, with the types
 * that they have in core code, and export them. So a host can call them as they are, and pass
 * values in the guest's memory. What the component has stays as it is.
 */
public final class AppendedLifts {
  private static final int CORE_MODULE = 1;
  private static final int CORE_INSTANCES = 2;
  private static final int ALIASES = 6;
  private static final int TYPES = 7;
  private static final int CANONS = 8;
  private static final int EXPORTS = 11;

  private static final int FUNCTION = 1; // sort of components
  private static final int CORE_FUNCTION = 0; // sort of core code
  private static final int CORE_MEMORY = 2;
  private static final int CORE_INSTANCE = 0x12;

  // (module (import "" "m" (memory 0))
  //   (func (export "s") (result i32) memory.size)
  //   (func (export "l") (param i32) (result i32) local.get 0 i32.load)
  //   (func (export "t") (param i32 i32) local.get 0 local.get 1 i32.store))
  private static final byte[] PROBE = {
    0, 'a', 's', 'm', 1, 0, 0, 0, //
    1, 15, 3, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 0, //
    2, 7, 1, 0, 1, 'm', 2, 0, 0, //
    3, 4, 3, 0, 1, 2, //
    7, 13, 3, 1, 's', 0, 0, 1, 'l', 0, 1, 1, 't', 0, 2, //
    10, 24, 3, 4, 0, 0x3f, 0, 0x0b, 7, 0, 0x20, 0, 0x28, 0, 0, 0x0b, 9, 0, 0x20, 0, 0x20, 1, 0x36,
    0, 0, 0x0b
  };

  private static final List<String> PROBED = List.of("s", "l", "t");
  private static final List<List<CoreValueType>> PROBE_PARAMETERS =
      List.of(List.of(), List.of(CoreValueType.I32), List.of(CoreValueType.I32, CoreValueType.I32));

  private final IndexSpaces spaces;
  private final List<Lift> lifts = new ArrayList<>();
  private final ByteWriter out = new ByteWriter();

  /**
   * A function that is lifted once more.
   *
   * @param name what it is exported as
   * @param index of the core function
   * @param parameters the types of its parameters
   * @param results the types of its results, one at most
   */
  private record Lift(
      String name, int index, List<CoreValueType> parameters, List<CoreValueType> results) {}

  /**
   * @param spaces those of the component that is appended to
   */
  public AppendedLifts(IndexSpaces spaces) {
    this.spaces = spaces;
  }

  /**
   * Lifts a function.
   *
   * @param name what it is exported as
   * @param function a core function of the component
   * @param parameters the types of its parameters
   * @param results the types of its results, one at most
   */
  public void add(
      String name, CoreItem function, List<CoreValueType> parameters, List<CoreValueType> results) {
    lifts.add(new Lift(name, spaces.function(function), parameters, results));
  }

  /**
   * Adds a module with three functions for a memory and lifts them: its size in pages, and a load
   * and store of 32 bits.
   *
   * @param memory a memory of the component
   * @param names what the functions are exported as, in that order
   */
  public void addProbe(CoreItem memory, List<String> names) {
    section(CORE_MODULE, () -> out.writeAll(PROBE));
    section(
        CORE_INSTANCES,
        () -> {
          out.writeCount(2);
          out.write(1); // of exports
          out.writeCount(1);
          name("m");
          out.write(CORE_MEMORY);
          out.writeCount(spaces.memory(memory));
          out.write(0); // of a module
          out.writeCount(spaces.coreModules());
          out.writeCount(1);
          name("");
          out.write(CORE_INSTANCE);
          out.writeCount(spaces.coreInstances());
        });
    section(
        ALIASES,
        () -> {
          out.writeCount(PROBED.size());
          for (String function : PROBED) {
            out.write(0); // something of core code
            out.write(CORE_FUNCTION);
            out.write(1); // an export of a core instance
            out.writeCount(spaces.coreInstances() + 1);
            name(function);
          }
        });
    for (int i = 0; i < PROBED.size(); i++) {
      lifts.add(
          new Lift(
              names.get(i),
              spaces.coreFunctions() + i,
              PROBE_PARAMETERS.get(i),
              i == PROBED.size() - 1 ? List.of() : List.of(CoreValueType.I32)));
    }
  }

  /** Returns the component with what was added. */
  public byte[] appendTo(byte[] component) {
    section(
        TYPES,
        () -> each((_, lift) -> ComponentEdits.writeType(out, lift.parameters(), lift.results())));
    section(
        CANONS,
        () ->
            each(
                (number, lift) -> {
                  out.write(0); // lift
                  out.write(0);
                  out.writeCount(lift.index());
                  out.writeCount(0); // options
                  out.writeCount(spaces.types() + number);
                }));
    section(
        EXPORTS,
        () ->
            each(
                (number, lift) -> {
                  out.write(0); // a name without version
                  name(lift.name());
                  out.write(FUNCTION);
                  out.writeCount(spaces.functions() + number);
                  out.write(0); // no type of its own
                }));
    byte[] appended = out.toArray();
    byte[] whole = Arrays.copyOf(component, component.length + appended.length);
    System.arraycopy(appended, 0, whole, component.length, appended.length);
    return whole;
  }

  private interface Writing {
    void write(int number, Lift lift);
  }

  private void each(Writing writing) {
    out.writeCount(lifts.size());
    for (int i = 0; i < lifts.size(); i++) {
      writing.write(i, lifts.get(i));
    }
  }

  private void section(int id, Runnable content) {
    out.write(id);
    int begin = out.beginSized();
    content.run();
    out.endSized(begin);
  }

  private void name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    out.writeCount(bytes.length);
    out.writeAll(bytes);
  }
}
