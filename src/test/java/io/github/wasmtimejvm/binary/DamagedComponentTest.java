package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no component, or one that is made to take for ever. */
class DamagedComponentTest {
  private static final byte[] BYTES = ComponentText.bytes(ComponentText.EVERYTHING);
  private static final byte[] PREAMBLE = HexFormat.of().parseHex("0061736d0d000100");

  // Anything else that is thrown fails the test.
  private static boolean isRefused(byte[] bytes) {
    try {
      Component.read(bytes);
      return false;
    } catch (MalformedComponentException e) {
      assertThat(e.position()).isBetween(0, bytes.length);
      return true;
    }
  }

  @Test
  void everyPrefixIsAComponentOrRefused() {
    int refused = 0;
    for (int length = 0; length < BYTES.length; length++) {
      if (isRefused(Arrays.copyOf(BYTES, length))) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(BYTES.length * 9 / 10);
  }

  @Test
  void everyChangedByteGivesAComponentOrIsRefused() {
    int refused = 0;
    for (int i = 0; i < BYTES.length; i++) {
      byte[] damaged = BYTES.clone();
      for (int value : new int[] {0, 1, 2, 5, 0x12, 0x3f, 0x41, 0x42, 0x7f, 0x80, 0xff}) {
        damaged[i] = (byte) value;
        if (isRefused(damaged)) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(BYTES.length);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] number(int number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = number;
    for (; rest > 0x7f; rest >>>= 7) {
      out.write(rest & 0x7f | 0x80);
    }
    out.write(rest);
    return out.toByteArray();
  }

  // Where a type is used, a number whose highest bit is set would count as negative.
  private static byte[] signed(int number) {
    return (number & 0x40) != 0 && number < 0x80
        ? bytes(number | 0x80, 0)
        : concat(bytes(number & 0x7f | 0x80, number >>> 7 & 0x7f | 0x80, number >>> 14));
  }

  private static byte[] bytes(int... bytes) {
    byte[] copy = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      copy[i] = (byte) bytes[i];
    }
    return copy;
  }

  private static byte[] section(int id, byte[]... content) {
    byte[] all = concat(content);
    return concat(bytes(id), number(all.length), all);
  }

  private static void assertRefused(byte[] component, String message) {
    assertThatExceptionOfType(MalformedComponentException.class)
        .isThrownBy(() -> Component.read(component))
        .withMessageContaining(message);
  }

  @Test
  void componentsWithinComponentsAreBounded() {
    byte[] component = PREAMBLE;
    for (int i = 0; i < 100; i++) {
      component = concat(PREAMBLE, section(4, component));
    }
    assertThat(isRefused(component)).isFalse();
    for (int i = 0; i < 5_000; i++) {
      component = concat(PREAMBLE, section(4, component));
    }
    assertRefused(component, "nested too deep");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x41, 0x42})
  void typesWithinTypesAreBounded(int code) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 100_000; i++) {
      out.writeBytes(bytes(code, 1, 1));
    }
    assertRefused(concat(PREAMBLE, section(7, bytes(1), out.toByteArray())), "nested too deep");
  }

  @Test
  void aChainOfTypesIsBounded() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(0x70, 0x7f));
    for (int i = 0; i < 100_000; i++) {
      out.writeBytes(concat(bytes(0x70), signed(i)));
    }
    assertRefused(
        concat(PREAMBLE, section(7, number(100_001), out.toByteArray())), "type is too deep");
  }

  @Test
  void aTypeThatDoublesAtEachStepIsBounded() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(0x70, 0x7f));
    for (int i = 0; i < 60; i++) {
      out.writeBytes(concat(bytes(0x6f, 2), signed(i), signed(i)));
    }
    assertRefused(concat(PREAMBLE, section(7, number(61), out.toByteArray())), "type is too large");
  }

  @Test
  void aTypeOfInstancesThatDoublesAtEachStepIsBounded() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(0x42, 0));
    for (int i = 0; i < 60; i++) {
      byte[] alias = concat(bytes(2, 3, 2, 1), number(i));
      out.writeBytes(concat(bytes(0x42, 3), alias));
      out.writeBytes(bytes(4, 0, 1, 'a', 5, 0, 4, 0, 1, 'b', 5, 0));
    }
    assertRefused(concat(PREAMBLE, section(7, number(61), out.toByteArray())), "too");
  }

  @Test
  void anInstanceThatDoublesAtEachStepIsBounded() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(1, 0));
    for (int i = 0; i < 60; i++) {
      out.writeBytes(concat(bytes(1, 2, 0, 1, 'a', 5), number(i), bytes(0, 1, 'b', 5), number(i)));
    }
    assertRefused(
        concat(PREAMBLE, section(5, number(61), out.toByteArray())), "instance is too large");
  }

  // To compare, hash or print a type by what it is made of would double the work at each step.
  @Test
  void typesAreEqualIfTheyAreTheSame() {
    byte[] twice =
        concat(
            bytes(0x6f, 1, 0x7f, 0x6f, 1, 0x7f), // two types of equal structure
            bytes(0x40, 1, 1, 'x', 0, 1, 0, 0x40, 1, 1, 'x', 0, 1, 0));
    Component component =
        Component.read(
            concat(
                PREAMBLE,
                section(7, bytes(4), twice),
                section(10, bytes(2), bytes(0, 1, 'f', 1, 2), bytes(0, 1, 'g', 1, 3))));
    ComponentFunctionType f = functionType(component, "f");
    ComponentFunctionType g = functionType(component, "g");
    assertThat(f).isNotEqualTo(g);
    assertThat(f.parameters()).isEqualTo(g.parameters());
    assertThat(f.toString()).doesNotContain("x");
  }

  private static ComponentFunctionType functionType(Component component, String name) {
    return ((ComponentFunction) component.imports().get(name).item()).type();
  }

  @Test
  void functionsThatAreLiftedAndLoweredInTurnsAreComparedWithoutRecursion() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = 100_000;
    out.writeBytes(bytes(0x1f)); // a core function
    for (int i = 0; i < count; i++) {
      byte[] index = number(i);
      out.writeBytes(concat(bytes(0, 0), index, bytes(1, 5), index, bytes(0)));
      out.writeBytes(concat(bytes(1, 0), index, bytes(1, 4), index));
    }
    Component component =
        Component.read(
            concat(
                PREAMBLE,
                section(7, bytes(1, 0x40, 0, 1, 0)),
                section(8, number(2 * count + 1), out.toByteArray()),
                section(11, bytes(1, 0, 1, 'f', 1), number(count - 1), bytes(0))));
    ComponentItem last = component.exports().get("f").item();
    assertThat(last).isEqualTo(last).hasSameHashCodeAs(last);
    assertThat(last.toString()).hasSizeLessThan(1_000);
  }

  @Test
  void modulesAndComponentsAreBounded() {
    byte[] module = section(1, HexFormat.of().parseHex("0061736d01000000"));
    byte[][] parts = new byte[1_001][];
    Arrays.fill(parts, module);
    parts[0] = PREAMBLE;
    assertThat(isRefused(concat(parts))).isFalse();
    assertRefused(concat(concat(parts), section(4, PREAMBLE)), "too many modules and components");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void instancesAreBounded(int section) {
    byte[] instances = new byte[2 * 4096];
    for (int i = 0; i < instances.length; i += 2) {
      instances[i] = 1;
    }
    byte[] most = concat(PREAMBLE, section(section, number(4096), instances));
    assertThat(isRefused(most)).isFalse();
    assertRefused(concat(most, section(2, bytes(1, 1, 0))), "too many instances");
  }

  @Test
  void aMessageShowsTheBeginningOfANameWithoutItsControlCharacters() {
    byte[] name = ("a\n\u001b[2J" + "b".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
    byte[] twice = concat(bytes(0), number(name.length), name, bytes(1, 0));
    assertThatExceptionOfType(MalformedComponentException.class)
        .isThrownBy(
            () ->
                Component.read(
                    concat(
                        PREAMBLE,
                        section(7, bytes(1, 0x40, 0, 1, 0)),
                        section(10, bytes(2), twice, twice))))
        .withMessageContaining("there twice: a\\n\\u001b[2Jbbb")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void aNumberBeyondTheLargestIsNotTakenForAnEarlyEnd() {
    assertRefused(
        concat(PREAMBLE, section(7, bytes(0xff, 0xff, 0xff, 0xff, 0x0f))), "number is too large");
    assertRefused(
        concat(PREAMBLE, section(7, bytes(0x81, 0x80, 0x80, 0x80, 0x80, 0))),
        "number is too large");
  }

  // All that nests, as deep as it may, in the room that StackRoom provides.
  @Test
  void whatIsNestedDeepIsReadOnASmallStack() throws InterruptedException {
    ByteArrayOutputStream types = new ByteArrayOutputStream();
    types.writeBytes(bytes(0x42, 0));
    for (int i = 0; i < 99; i++) {
      types.writeBytes(concat(bytes(0x42, 2, 2, 3, 2, 1), number(i), bytes(4, 0, 1, 'a', 5, 0)));
    }
    ByteArrayOutputStream nested = new ByteArrayOutputStream();
    for (int i = 0; i < 99; i++) {
      nested.writeBytes(bytes(0x41, 1, 1));
    }
    nested.writeBytes(bytes(0x41, 0));
    byte[] component =
        concat(
            PREAMBLE,
            section(7, number(101), types.toByteArray(), nested.toByteArray()),
            section(10, bytes(1, 0, 1, 'i', 5, 99)));
    for (int i = 0; i < 100; i++) {
      component = concat(PREAMBLE, section(4, component));
    }
    byte[] deepest = component;
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(null, () -> Component.read(deepest), "small", 512 * 1024);
    thread.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
    thread.start();
    thread.join();
    assertThat(thrown.get()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 7, 8, 10, 11})
  void aCountBeyondTheBytesIsRefused(int section) {
    assertRefused(
        concat(PREAMBLE, section(section, bytes(0xff, 0xff, 0xff, 0xff, 0x07))), "elements");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x72, 0x71, 0x6f, 0x6e, 0x6d, 0x40, 0x41, 0x42})
  void aCountWithinATypeBeyondTheBytesIsRefused(int code) {
    assertRefused(
        concat(PREAMBLE, section(7, bytes(1, code, 0xff, 0xff, 0xff, 0xff, 0x07))), "elements");
  }

  @Test
  void instancesOfOneLargeComponentAreBounded() {
    ByteArrayOutputStream exports = new ByteArrayOutputStream();
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      byte[] name = ("n" + i).getBytes(StandardCharsets.US_ASCII);
      exports.writeBytes(
          concat(bytes(0), number(name.length), name, bytes(3), number(0), bytes(0)));
    }
    byte[] inner =
        concat(
            PREAMBLE,
            section(7, bytes(1, 0x7f)),
            section(11, number(count), exports.toByteArray()));
    byte[] instances = new byte[3 * count]; // each instantiates component 0 with no argument
    assertRefused(
        concat(PREAMBLE, section(4, inner), section(5, number(count), instances)),
        "too many exports");
  }

  @Test
  void aTypeCannotReferToItselfOrToALaterOne() {
    assertRefused(concat(PREAMBLE, section(7, bytes(1, 0x70, 0))), "There is no TYPE 0");
    assertRefused(concat(PREAMBLE, section(7, bytes(2, 0x70, 1, 0x70, 0))), "There is no TYPE 1");
  }

  @Test
  void aCoreInstanceCannotBeItsOwnArgument() {
    byte[] module = HexFormat.of().parseHex("0061736d01000000");
    assertRefused(
        concat(PREAMBLE, section(1, module), section(2, bytes(1, 0, 0, 1, 1, 'a', 0x12, 0))),
        "There is no core instance 0");
  }

  @Test
  void aMissingArgumentOfAComponentIsRefused() {
    byte[] inner =
        concat(
            PREAMBLE,
            section(7, bytes(1, 0x40, 0, 1, 0)),
            section(10, bytes(1, 0, 1, 'f', 1, 0)),
            section(11, bytes(1, 0, 1, 'g', 1, 0, 0)));
    assertRefused(concat(PREAMBLE, section(4, inner), section(5, bytes(1, 0, 0, 0))), "argument");
  }
}
