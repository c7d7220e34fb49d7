//! [`Code`]: what the functions of `cors.h` return.

cors_core::named! {
    /// What a function returns: success, or why it did nothing. The numbers are stable.
    pub(crate) enum Code: i32 {
        /// Done.
        Ok = 0, "done";
        /// A pointer is NULL that must not be, is NULL with a length, or is not aligned for what it points to.
        Null = 1, "a pointer is NULL or not aligned";
        /// This library does not know the member `size` of a struct: the struct was not set by its `_INIT` macro, or the
        /// program was built with the header of a newer library, whose members this one would ignore.
        Size = 2, "this library does not know the size of a struct";
        /// A length or a count is beyond its limit, or larger than any object can be.
        Length = 3, "a length is beyond its limit";
        /// A text that has to be UTF-8 is not.
        Utf8 = 4, "a text is not UTF-8";
        /// A member has a number that is not one of its values.
        Value = 5, "a number is not one of its member's values";
        /// The config has a problem: `field`, `index`, `risk` and `message` of the error name it.
        Config = 6, "the config has a problem";
        /// The buffer is too small: `needed` of the error is the number of bytes that it has to have.
        Buffer = 7, "the buffer is too small";
        /// The bytes are not an image that this version reads, or the image is cut short or damaged.
        Image = 8, "the bytes are not an image, or the image is damaged";
        // 9 stays unused: it named origins that collide, which format 1 could not compile.
    }
    /// Returns the code in a sentence.
    fn message;
}
