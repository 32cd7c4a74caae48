// SPDX-License-Identifier: Apache-2.0
// One visitor out of several lambdas, for std::visit.
#pragma once

namespace fb::ui {

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

} // namespace fb::ui
