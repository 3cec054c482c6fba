/** What a loaded model offers to the server, whatever engine runs it. */
@NullMarked
package dev.leasehold.runner.serving;

import org.jspecify.annotations.NullMarked;
