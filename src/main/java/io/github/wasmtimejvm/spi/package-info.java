/** What a jar with native libraries implements. */
@NullMarked
package io.github.wasmtimejvm.spi;

import org.jspecify.annotations.NullMarked;
