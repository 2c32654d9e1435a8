/**
 * Components: programs whose imports and exports have the types of WIT, which Java sees as records,
 * sealed interfaces, enums and the like.
 *
 * <p>A {@link io.github.wasmtimejvm.component.Component} is compiled once, a {@link
 * io.github.wasmtimejvm.component.ComponentLinker} gives it what it imports, and a {@link
 * io.github.wasmtimejvm.component.ComponentInstance} is called through Java interfaces.
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm.component;
