// SPDX-License-Identifier: Apache-2.0
// Result<T, E>: a value or the reason why there is none. Member names are those of std::expected, which gcc 12 offers
// in C++23 mode only and without the chaining members, and which clang 14 cannot compile at all.
#pragma once

#include "core/base/Assert.h"

#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

namespace fb {

/// Carries an error into a Result of any value type: `return failure(WireError::Truncated);`
template <class E>
struct Failure {
    E error;
};

template <class E>
[[nodiscard]] Failure<std::decay_t<E>> failure(E&& error)
{
    return {std::forward<E>(error)};
}

template <class T, class E>
class [[nodiscard]] Result {
public:
    using value_type = T;
    using error_type = E;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Failure<E> failed) : m_state(std::in_place_index<1>, std::move(failed.error)) {}

    [[nodiscard]] bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }

    /// The value. Asking a failed Result is a bug in the caller.
    [[nodiscard]] T& value() &
    {
        FB_ASSERT(has_value());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] const T& value() const&
    {
        FB_ASSERT(has_value());
        return *std::get_if<0>(&m_state);
    }
    [[nodiscard]] T&& value() && { return std::move(value()); }

    [[nodiscard]] const E& error() const
    {
        FB_ASSERT(!has_value());
        return *std::get_if<1>(&m_state);
    }

    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(value()); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] T value_or(T other) const& { return has_value() ? value() : std::move(other); }

    /// Result<U, E> with U = f(value).
    template <class F>
    [[nodiscard]] auto transform(F&& f) const -> Result<std::invoke_result_t<F, const T&>, E>
    {
        if (!has_value())
            return failure(error());
        return std::invoke(std::forward<F>(f), value());
    }

    /// The Result that f(value) returns.
    template <class F>
    [[nodiscard]] auto and_then(F&& f) const -> std::invoke_result_t<F, const T&>
    {
        if (!has_value())
            return failure(error());
        return std::invoke(std::forward<F>(f), value());
    }

    /// This Result, or the one that f(error) returns.
    template <class F>
    [[nodiscard]] Result or_else(F&& f) const
    {
        if (has_value())
            return *this;
        return std::invoke(std::forward<F>(f), error());
    }

    /// Result<T, G> with G = f(error).
    template <class F>
    [[nodiscard]] auto transform_error(F&& f) const -> Result<T, std::invoke_result_t<F, const E&>>
    {
        if (has_value())
            return value();
        return failure(std::invoke(std::forward<F>(f), error()));
    }

private:
    std::variant<T, E> m_state;
};

/// A Result without a value: done, or why not.
template <class E>
class [[nodiscard]] Result<void, E> {
public:
    using value_type = void;
    using error_type = E;

    Result() = default;
    Result(Failure<E> failed) : m_state(std::in_place_index<1>, std::move(failed.error)) {}

    [[nodiscard]] bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }

    [[nodiscard]] const E& error() const
    {
        FB_ASSERT(!has_value());
        return *std::get_if<1>(&m_state);
    }

    template <class F>
    [[nodiscard]] auto transform_error(F&& f) const -> Result<void, std::invoke_result_t<F, const E&>>
    {
        if (has_value())
            return {};
        return failure(std::invoke(std::forward<F>(f), error()));
    }

private:
    std::variant<std::monostate, E> m_state;
};

} // namespace fb
