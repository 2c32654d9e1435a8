package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaSignatureTest {
  @ParameterizedTest
  @CsvSource({
    "Func, FUNC",
    "ExnRef, EXN",
    "AnyRef, ANY",
    "EqRef, EQ",
    "I31, I31",
    "StructRef, STRUCT",
    "ArrayRef, ARRAY",
  })
  void aClassOfReferencesStandsForItsType(String name, AbstractHeapType heap)
      throws ClassNotFoundException {
    Class<?> type = Class.forName(JavaTypes.class.getPackageName() + "." + name);

    assertThat(JavaTypes.valType(type)).isEqualTo(new RefType(true, heap));
  }

  @Test
  void anyOtherClassStandsForAnExternalReference() {
    assertThat(JavaTypes.valType(List.class)).isEqualTo(ValType.EXTERNREF);
    assertThat(JavaTypes.valType(byte.class)).isNull();
    assertThat(JavaTypes.valType(int[].class)).isNull();
  }

  @Test
  void referencesOfAnotherHierarchyDoNotFit() {
    JavaSignature signature = new JavaSignature(List.of(AnyRef.class), void.class, false);

    signature.check(FuncType.of(new RefType(true, AbstractHeapType.STRUCT)), "f", "X");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> signature.check(FuncType.of(ValType.EXTERNREF), "f", "X"));
  }

  @Test
  void noMoreParametersThanAJavaMethodCanHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JavaSignature(longs(126), void.class, false))
        .withMessageStartingWith("126 parameters in 252 slots are too many for a Java method");
    assertThat(new JavaSignature(longs(125), void.class, false).params()).hasSize(125);
  }

  @ParameterizedTest
  @ValueSource(ints = {125, 126})
  void noMoreComponentsThanAJavaMethodCanHaveParameters(int count) throws IllegalAccessException {
    Class<?> record = recordOfLongs(count);
    if (count == 125) {
      assertThat(new JavaSignature(List.of(), record, false).components()).hasSize(count);
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new JavaSignature(List.of(), record, false))
          .withMessageStartingWith("126 components in 252 slots are too many");
    }
  }

  private static List<Class<?>> longs(int count) {
    return Collections.nCopies(count, long.class);
  }

  // What nobody writes by hand: all that is looked at are its components.
  private static Class<?> recordOfLongs(int count) throws IllegalAccessException {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(JavaSignatureTest.class.getPackageName(), "LongsOf" + count),
                builder -> {
                  builder
                      .withFlags(ClassFile.ACC_FINAL)
                      .withSuperclass(ClassDesc.of("java.lang.Record"))
                      .with(
                          RecordAttribute.of(
                              IntStream.range(0, count)
                                  .mapToObj(
                                      i ->
                                          RecordComponentInfo.of(
                                              "c" + i, ConstantDescs.CD_long, List.of()))
                                  .toList()));
                });
    return MethodHandles.lookup().defineClass(bytes);
  }
}
