package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.BuiltComponents;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A component of others: numcodecs' zlib, in Rust. What it packs Java unpacks, and the other way.
 */
class CodecGuestIT {
  public sealed interface Data {
    record U8(byte[] values) implements Data {}

    record U16(short[] values) implements Data {}

    record U32(int[] values) implements Data {}

    record U64(long[] values) implements Data {}

    record I8(byte[] values) implements Data {}

    record I16(short[] values) implements Data {}

    record I32(int[] values) implements Data {}

    record I64(long[] values) implements Data {}

    record F32(float[] values) implements Data {}

    record F64(double[] values) implements Data {}
  }

  public enum Dtype {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64
  }

  public record AnyArray(Data data, int[] shape) {}

  public record Prototype(Dtype dtype, int[] shape) {}

  public record Problem(String message, List<String> chain) {}

  public static final class CodecException extends ErrException {
    private static final long serialVersionUID = 1;

    public CodecException(Problem problem) {
      super(problem);
    }
  }

  public interface Codec extends AutoCloseable {
    AnyArray encode(AnyArray data) throws CodecException;

    AnyArray decode(AnyArray encoded) throws CodecException;

    AnyArray decodeInto(AnyArray encoded, Prototype decoded) throws CodecException;

    String getConfig() throws CodecException;

    @Override
    void close();
  }

  @WitName("numcodecs:abc/codec@0.1.1")
  public interface Codecs {
    Codec codecFromConfig(String config) throws CodecException;

    String codecId();

    String codecConfigSchema();
  }

  @WitName("wasi:logging/logging")
  public interface Logging {
    enum Level {
      TRACE,
      DEBUG,
      INFO,
      WARN,
      ERROR,
      CRITICAL
    }

    void log(Level level, String context, String message);
  }

  private static final byte[] ZEN = "beautiful is better than ugly. ".repeat(3).getBytes();

  // What is before the packed bytes: the type, one dimension, its size, and a version.
  private static final byte[] HEADER = HexFormat.of().parseHex("00015d05302e312e30");

  private static Engine engine;
  private static Component component;

  private Store store;
  private Codecs codecs;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = BuiltComponents.compile(engine, "numcodecs-zlib");
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void instantiate() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.defineWasi();
    linker.define(Logging.class, (_, _, _) -> {});
    store = Store.create(engine);
    WasiConfig.builder().build().applyTo(store);
    codecs = linker.instantiate(store, component).as(Codecs.class);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static AnyArray bytes(byte... bytes) {
    return new AnyArray(new Data.U8(bytes), new int[] {bytes.length});
  }

  private static byte[] bytesOf(AnyArray array) {
    return ((Data.U8) array.data()).values();
  }

  @Test
  void javaUnpacksWhatItPacks() throws CodecException, DataFormatException {
    try (Codec codec = codecs.codecFromConfig("{\"level\": 9}")) {
      AnyArray packed = codec.encode(bytes(ZEN));

      byte[] all = bytesOf(packed);
      assertThat(packed.shape()).containsExactly(all.length);
      assertThat(all).hasSizeLessThan(ZEN.length).startsWith(HEADER);
      Inflater inflater = new Inflater();
      inflater.setInput(all, HEADER.length, all.length - HEADER.length);
      byte[] unpacked = new byte[ZEN.length + 1];
      assertThat(inflater.inflate(unpacked)).isEqualTo(ZEN.length);
      assertThat(inflater.finished()).isTrue();
      inflater.end();
      assertThat(unpacked).startsWith(ZEN);
      assertThat(bytesOf(codec.decode(packed))).isEqualTo(ZEN);
    }
  }

  @Test
  void itUnpacksWhatJavaPacks() throws CodecException {
    Deflater deflater = new Deflater();
    deflater.setInput(ZEN);
    deflater.finish();
    byte[] packed = Arrays.copyOf(HEADER, 200);
    int size = HEADER.length + deflater.deflate(packed, HEADER.length, 200 - HEADER.length);
    deflater.end();

    try (Codec codec = codecs.codecFromConfig("{\"level\": 1}")) {
      AnyArray encoded = bytes(Arrays.copyOf(packed, size));
      AnyArray unpacked = codec.decode(encoded);
      assertThat(bytesOf(unpacked)).isEqualTo(ZEN);
      assertThat(unpacked.shape()).containsExactly(ZEN.length);
      assertThat(bytesOf(codec.decodeInto(encoded, new Prototype(Dtype.U8, unpacked.shape()))))
          .isEqualTo(ZEN);
    }
  }

  @Test
  void arraysOfEachTypeComeBack() throws CodecException {
    List<AnyArray> arrays =
        List.of(
            new AnyArray(new Data.U16(new short[] {0, -1, 2, 3, 4, 5}), new int[] {2, 3}),
            new AnyArray(new Data.U32(new int[] {0, -1}), new int[] {2}),
            new AnyArray(new Data.U64(new long[] {Long.MIN_VALUE, -1, 7}), new int[] {3, 1}),
            new AnyArray(new Data.I8(new byte[] {-128, 127}), new int[] {2}),
            new AnyArray(new Data.I16(new short[] {-32768, 32767}), new int[] {1, 2}),
            new AnyArray(new Data.I32(new int[] {Integer.MIN_VALUE, 5}), new int[] {2}),
            new AnyArray(new Data.I64(new long[] {Long.MAX_VALUE}), new int[] {1}),
            new AnyArray(new Data.F32(new float[] {-0f, 1.5f}), new int[] {2}),
            new AnyArray(new Data.F64(new double[] {Math.PI, -0.0}), new int[] {2}));
    try (Codec codec = codecs.codecFromConfig("{\"level\": 6}")) {
      for (AnyArray array : arrays) {
        assertThat(codec.decode(codec.encode(array))).usingRecursiveComparison().isEqualTo(array);
      }
    }
  }

  @Test
  void itSaysWhatItIs() throws CodecException {
    assertThat(codecs.codecId()).isEqualTo("zlib.rs");
    assertThat(codecs.codecConfigSchema()).startsWith("{\"type\":\"object\"");
    try (Codec codec = codecs.codecFromConfig("{\"level\": 6}")) {
      assertThat(codec.getConfig()).contains("\"level\":6");
    }
  }

  @Test
  void itsErrorsAreRecordsAndItGoesOn() throws CodecException {
    assertThatExceptionOfType(CodecException.class)
        .isThrownBy(() -> codecs.codecFromConfig("{\"level\": 77}"))
        .satisfies(e -> assertThat(((Problem) e.error()).message()).contains("invalid value: 77"));
    try (Codec codec = codecs.codecFromConfig("{\"level\": 0}")) {
      assertThatExceptionOfType(CodecException.class)
          .isThrownBy(() -> codec.decode(bytes(HEADER)))
          .satisfies(e -> assertThat(((Problem) e.error()).message()).isNotEmpty());
      assertThat(bytesOf(codec.decode(codec.encode(bytes(ZEN))))).isEqualTo(ZEN);
    }
  }

  @Test
  void withoutItsLoggingItIsNotLinked() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.defineWasi();
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.prepare(component))
        .withMessageContaining("wasi:logging/logging");
  }
}
